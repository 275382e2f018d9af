/** A fleet whose workers are played by the test: what each life was told, and what it says and how it ends. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exit, OwnedProcess } from "../../../../harness/process/owned-process.ts";
import { type Fleet, startFleet } from "../../../../harness/run/fleet/fleet.ts";
import type { ProcessSlots, SlotSpec } from "../../../../harness/run/process-slots.ts";
import { createRunFolder } from "../../../../harness/run/run-folder.ts";
import type { Scenario } from "../../../../harness/scenario/scenario.ts";
import type { WorkerCommand, WorkerReport } from "../../../../simulator/worker-protocol.ts";
import { smallOptions } from "../../../simulator/plan-fixture.ts";

type Life = {
  readonly spec: SlotSpec;
  readonly told: WorkerCommand[];
  readonly say: (report: WorkerReport) => void;
  /** Ends; a death unless it was killed or is expected. */
  readonly die: () => Promise<void>;
};

export type PlayedFleet = {
  readonly fleet: Fleet;
  /** All lives of a worker. */
  readonly lives: (worker: number) => readonly Life[];
  readonly kill: (name: string) => Promise<void>;
  readonly writeResult: (worker: number, text: string) => void;
  /** From now on a restart fails. */
  readonly refuseStarts: () => void;
  readonly remove: () => void;
};

export async function playFleet(workers: number): Promise<PlayedFleet> {
  const out = mkdtempSync(join(tmpdir(), "fleetproof-fleet-"));
  const folder = createRunFolder(out, "rtest1234");
  const lives = new Map<string, Life[]>();
  const expected = new Set<string>();
  const listeners: ((death: ProcessSlots["deaths"][number]) => void)[] = [];
  let refusing = false;

  async function start(spec: SlotSpec): Promise<OwnedProcess> {
    if (refusing) throw new Error("the machine is full");
    expected.delete(spec.name);
    const { promise: exited, resolve } = Promise.withResolvers<Exit>();
    const hearing: ((message: unknown) => void)[] = [];
    const told: WorkerCommand[] = [];
    const life: Life = {
      spec,
      told,
      say: (report) => {
        for (const hear of hearing) hear(report);
      },
      die: async () => {
        const exit: Exit = { code: null, signal: "SIGKILL" };
        resolve(exit);
        await exited;
        if (expected.has(spec.name)) return;
        for (const listener of listeners) listener({ name: spec.name, exit, logTail: "" });
      },
    };
    lives.set(spec.name, [...(lives.get(spec.name) ?? []), life]);
    const played: Partial<OwnedProcess> = {
      exited,
      send: (message) => told.push(message as WorkerCommand) > 0,
      onMessage: (listener) => {
        hearing.push(listener);
        return () => undefined;
      },
    };
    return played as OwnedProcess;
  }

  const slots: Partial<ProcessSlots> = {
    start,
    restart: (name) => start(lives.get(name)!.at(-1)!.spec),
    expectEnd(name) {
      expected.add(name);
      return () => void expected.delete(name);
    },
    onDeath: (listener) => void listeners.push(listener),
  };
  const scenario = {
    simulator: { workers, client: "hot" },
    fleet: { timeScale: 10 },
    load: { warmUpMs: 1_000 },
  } as Scenario;
  const addresses = { bootstrap: "127.0.0.1:9092", topic: "rtest1234.thermostat.data" };
  const fleet = await startFleet({
    ...addresses,
    scenario,
    plan: smallOptions,
    folder,
    slots: slots as ProcessSlots,
  });
  return {
    fleet,
    lives: (worker) => lives.get(`simulator-${worker}`) ?? [],
    kill: async (name) => {
      expected.add(name);
      await lives.get(name)!.at(-1)!.die();
    },
    writeResult: (worker, text) => writeFileSync(folder.facts(`worker-${worker}.json`), text),
    refuseStarts: () => {
      refusing = true;
    },
    remove: () => rmSync(out, { recursive: true }),
  };
}
