/** The parts of a load in virtual time: a fleet that is done when the test says so, and workers that can be killed. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createTargetLocks } from "../../../harness/faults/target-locks.ts";
import { FleetError } from "../../../harness/run/fleet/fleet.ts";
import type { LoadParts } from "../../../harness/run/load.ts";
import type { RunContext } from "../../../harness/run/run-context.ts";
import { createTroubles } from "../../../harness/run/troubles.ts";
import type { FaultStep } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

const startMs = 1_000_000;
const loadMs = 20_000;

export function virtualLoad(
  faults: readonly FaultStep[],
  options: { readonly restartFails?: boolean } = {},
) {
  const clock = createVirtualClock(startMs);
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-load-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const ackFile = join(folder, "acks-0.ndjson");
  const [interrupted, broken] = [new AbortController(), new AbortController()];
  const loadDone = Promise.withResolvers<number>();
  const exits: string[] = [];
  const said: string[] = [];
  const active: (string | undefined)[] = [];
  const failures: ((sentence: string) => void)[] = [];
  let acked = 0;
  const ack = (): void =>
    appendFileSync(
      ackFile,
      `${JSON.stringify({ partition: 0, from: acked, to: ++acked, outcome: "acked" })}\n`,
    );
  ack();
  const context = {
    clock,
    interrupted: interrupted.signal,
    signal: broken.signal,
    scenario: { faults, fleet: { timeScale: 1 }, time: { start: 0 }, topics: { partitions: 8 } },
    stack: {
      died: new Promise(() => undefined),
      kafka: { bootstrap: "127.0.0.1:1" },
      elasticsearch: { node: "http://127.0.0.1:1" },
      cassandra: {},
    },
    names: { topics: {} },
    jobs: [],
  } as unknown as RunContext;
  const parts = {
    fleet: {
      start: () => undefined,
      cut: () => loadDone.resolve(clock.now() - startMs),
      loadDone: loadDone.promise,
      progress: () => ({
        sends: acked,
        acked,
        failed: 0,
        unknown: 0,
        sendLagMsP99: 0,
        behindMs: 0,
      }),
      ackFiles: [ackFile],
      async restart() {
        await clock.sleep(1_000);
        if (options.restartFails)
          throw new FleetError("simulator-0 was not started again: no room");
        void clock.sleep(500).then(ack);
      },
    },
    slots: {
      onDeath: () => undefined,
      names: () => ["simulator-0"],
      isRunning: (name: string) => name === "simulator-0",
      kill: async () => void exits.push("signal SIGKILL"),
      usage: () => ({ "simulator-0": { cpuSeconds: 0, maxRssBytes: 0, exits } }),
    },
    observer: { progress: () => undefined },
    groups: { stages: [] },
    probes: [],
    timeline: {
      originMs: startMs,
      measureFromMs: startMs,
      loadEndMs: startMs + loadMs,
      windows: [],
      eventOf: (wallMs: number) => wallMs - startMs,
    },
    status: {
      say: (line: string) => void said.push(line),
      fault: (now: string | undefined) => void active.push(now),
      phase: () => undefined,
      share: () => undefined,
      stage: () => undefined,
    },
    troubles: createTroubles(clock, broken.signal),
    locks: createTargetLocks(),
    rest: {},
    tasks: { onFailure: (listener: (sentence: string) => void) => void failures.push(listener) },
    replays: [],
  } as unknown as LoadParts;
  void clock.sleep(loadMs).then(() => loadDone.resolve(loadMs));
  const failTask = (sentence: string): void => {
    for (const listener of failures) listener(sentence);
  };
  return { clock, context, parts, failTask, interrupt: () => interrupted.abort(), said, active };
}
