/**
 * The pauses of a process over all its lives, from what it told once a second: histograms are added up, never averaged.
 * The first report of a life is about its start (loading its code keeps every loop busy) and is left out; what came after
 * the last one, about a second, is lost, however the life ended. What was not measured is absent, never zero.
 */
import { z } from "zod";
import { createLatencyHistogram, type LatencyHistogram } from "../../observe/histogram.ts";
import { lookEveryMs } from "./pause-meter.ts";
import {
  addCollections,
  type CollectionsByKind,
  collectionKinds,
  type PauseReport,
} from "./pause-report.ts";
import { gcPausesOf, type PauseSummary } from "./pause-summary.ts";

export type PauseRecord = {
  /** For the messages of a life from when it is ready; those of other kinds are passed over. */
  readonly nextLife: () => (message: unknown) => void;
  readonly add: (report: PauseReport) => void;
  readonly summary: () => PauseSummary;
};

const amount = z.number().min(0).max(1e12);
const collections = z.object({ count: amount, totalMs: amount, maxMs: amount });

/** A look takes 20 ms, a report comes each second: one that holds more is none of ours. */
const looksMax = 1_000;
/** As long as the histogram goes. */
const longestMs = 3_600_000;

const schema = z.object({
  type: z.literal("pauses"),
  lateMs: z.array(amount).max(looksMax),
  collections: z.partialRecord(z.enum(collectionKinds), collections),
});

/** Undefined for every other message. */
function parsePauseReport(message: unknown): PauseReport | undefined {
  const { success, data } = schema.safeParse(message);
  return success ? { ...data, collections: data.collections as CollectionsByKind } : undefined;
}

export function createPauseRecord(): PauseRecord {
  const loop = createLatencyHistogram();
  let sums: CollectionsByKind = {};

  function add(report: PauseReport): void {
    for (const ms of report.lateMs) addLateness(loop, Math.min(ms, longestMs));
    for (const kind of collectionKinds) {
      const told = report.collections[kind];
      if (told !== undefined) sums = { ...sums, [kind]: addCollections(sums[kind], told) };
    }
  }

  return {
    add,
    nextLife() {
      let started = false;
      return (message) => {
        const report = parsePauseReport(message);
        if (report === undefined) return;
        if (started) add(report);
        started = true;
      };
    },
    summary: () =>
      loop.count === 0 ? {} : { eventLoopDelayMs: loop.percentiles(), gcPauseMs: gcPausesOf(sums) },
  };
}

/** A stall of 100 ms kept looks from being made: they would have met 80, 60, 40 and 20 ms of it. */
function addLateness(loop: LatencyHistogram, ms: number): void {
  loop.record(ms);
  for (let left = ms - lookEveryMs; left >= lookEveryMs; left -= lookEveryMs) loop.record(left);
}
