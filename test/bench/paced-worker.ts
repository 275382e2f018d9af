/**
 * The simulator's own worker process at the pace of ten billion readings a day: what it costs, how well it keeps its
 * schedule, how long Kafka's answers take. Measured between the warm-up's end and the load's.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeExit, type OwnedProcess } from "../../harness/process/owned-process.ts";
import { startChild } from "../../harness/run/child.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import type { WorkerConfigFile } from "../../simulator/worker-config.ts";
import type { WorkerReport, WorkerResult } from "../../simulator/worker-protocol.ts";
import { fleetMix } from "./hot-producing.ts";
import type { OwnKafka } from "./own-kafka.ts";

export const pacePerSecond = 115_741;

/**
 * The fleet of `scenarios/ten-billion-a-day.yaml`, and 1.64 % more: what is delayed by more than a round lasts, less
 * the missing and the second copies, would make the pace so much slower.
 */
const fleet = { devices: 1_176_400, everyMs: 10_000 };

const warmUpMs = 5_000;
/** From the command to the first reading. */
const leadMs = 500;
const readyWithinMs = 60_000;

export type PacedRound = {
  /** Readings sent and acked. */
  readonly perSecond: number;
  /** Of a core. */
  readonly clientCores: number;
  readonly brokerCores: number;
  readonly latency: Pick<WorkerResult["measured"], "sendLag" | "publish" | "answer">;
};

const entry = fileURLToPath(new URL("../../simulator/start-worker.ts", import.meta.url));

/** Errors: when the worker ends, or a reading is not acked. */
export async function paceWorker(
  kafka: OwnKafka,
  topic: string,
  partitions: number,
  seconds: number,
): Promise<PacedRound> {
  const { folder, registry, signal, cpuSeconds } = kafka;
  const config = configOf(kafka, topic, partitions, seconds);
  const file = join(folder, `${topic}.json`);
  writeFileSync(file, JSON.stringify(config));
  const logFile = join(folder, `${topic}.log`);
  const worker = await startChild({
    ...{ name: "bench-simulator", entry, args: [file], logFile, nice: 0 },
    ...{ registry, clock, signal, readyWithinMs },
  });
  try {
    const loaded = untilLoaded(worker);
    const atWallMs = clock.now() + leadMs;
    worker.send({ type: "start", atWallMs });
    const used = (): {
      readonly atMs: number;
      readonly client: number;
      readonly broker: number;
    } => {
      const client = worker.usage().cpuSeconds;
      return { atMs: clock.monotonicMs(), client, broker: cpuSeconds() };
    };
    await clock.sleep(leadMs + warmUpMs, signal);
    const before = used();
    await Promise.race([loaded, clock.sleep(seconds * 1_000, signal)]);
    const after = used();
    await loaded;
    worker.send({ type: "finish" });
    await worker.exited;
    const span = (after.atMs - before.atMs) / 1_000;
    return {
      perSecond: perSecondOf(resultOf(config)),
      clientCores: (after.client - before.client) / span,
      brokerCores: (after.broker - before.broker) / span,
      latency: resultOf(config).measured,
    };
  } finally {
    await worker.stop({ graceMs: 5_000 });
  }
}

function configOf(
  { bootstrap, folder }: OwnKafka,
  topic: string,
  partitions: number,
  seconds: number,
): WorkerConfigFile {
  const ownFile = (name: string): string => join(folder, `${topic}.${name}`);
  return {
    plan: {
      seed: 20180301,
      ...fleet,
      startAt: Date.UTC(2026, 0, 15),
      loadMs: warmUpMs + seconds * 1_000,
      partitions,
      format: "avro",
      ...fleetMix,
    },
    ...{ bootstrap, topic, worker: 0, workers: 1, client: "hot", timeScale: 1, warmUpMs },
    ackFile: ownFile("acks"),
    intentFile: ownFile("intents"),
    partialFile: ownFile("partial"),
    resultFile: ownFile("result"),
  };
}

function untilLoaded(worker: OwnedProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onMessage((message) => {
      const report = message as WorkerReport;
      if (report.type === "load-done") resolve();
      if (report.type === "failed") reject(new Error(`the worker failed: ${report.message}`));
    });
    void worker.exited.then((exit) =>
      reject(new Error(`the worker ended before its load did (${describeExit(exit)})`)),
    );
  });
}

function resultOf({ resultFile }: WorkerConfigFile): WorkerResult {
  return JSON.parse(readFileSync(resultFile, "utf8")) as WorkerResult;
}

function perSecondOf({ counts, measured }: WorkerResult): number {
  const { acked, firstSentAtMs, lastSentAtMs } = measured;
  if (counts.acked < counts.sends || firstSentAtMs === undefined || lastSentAtMs === undefined) {
    throw new Error(`the worker sent ${counts.sends} readings, ${counts.acked} of them were acked`);
  }
  return (1_000 * acked) / (lastSentAtMs - firstSentAtMs);
}
