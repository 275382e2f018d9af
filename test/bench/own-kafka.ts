/** A Kafka of the benchmark's own, with the optimizing compiler, ended whatever happens (Ctrl-C and SIGTERM included). */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Registry } from "../../harness/process/registry.ts";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import type { Java } from "../../harness/stack/java.ts";
import { kafka } from "../../harness/stack/kafka.ts";
import { startOne } from "../../harness/stack/start-one.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import { say } from "./say.ts";

export type OwnKafka = {
  readonly bootstrap: string;
  readonly java: Java;
  /** The folder of its jars. */
  readonly files: string;
  /** For files of the benchmark; goes with the broker. */
  readonly folder: string;
  readonly registry: Registry;
  /** Aborted when the benchmark is interrupted. */
  readonly signal: AbortSignal;
  /** The broker's. */
  readonly pid: number;
  /** What the broker has used so far. */
  readonly cpuSeconds: () => number;
};

/** Ends the process with 130 when it was interrupted: whatever `act` still has under way goes with it. */
export async function withOwnKafka(act: (kafka: OwnKafka) => Promise<void>): Promise<void> {
  const interrupted = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => interrupted.abort(new Error(name));
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const { signal } = interrupted;
  const { promise: cut, reject } = Promise.withResolvers<never>();
  cut.catch(() => undefined); // It may come when nobody waits any more.
  signal.addEventListener("abort", () => reject(signal.reason));
  const folder = await mkdtemp(join(tmpdir(), "fleetproof-bench-"));
  try {
    const registry = registryOf(homeOf(process.env), console.warn);
    await using broker = await start(folder, registry, signal);
    const { address, java, files } = broker;
    const cpuSeconds = (): number => broker.process.usage().cpuSeconds;
    const { pid } = broker.process;
    const own = { ...address, java, files, folder, registry, signal, pid, cpuSeconds };
    await Promise.race([act(own), cut]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (signal.aborted) {
    say("interrupted; Kafka is ended");
    process.exit(130);
  }
}

async function start(folder: string, registry: Registry, signal: AbortSignal) {
  const home = homeOf(process.env);
  const id = `bench-${randomUUID().slice(0, 8)}`;
  say("starting Kafka");
  return await startOne(kafka, {
    ...{ id, folder, home, registry, clock, signal },
    onProgress: ({ phase }) => {
      if (phase === "fetched" || phase === "orphans-ended") say(phase);
    },
  });
}
