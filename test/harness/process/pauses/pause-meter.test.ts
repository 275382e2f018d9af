import { createHistogram } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import {
  latenesses,
  lookEveryMs,
  startPauseMeter,
} from "../../../../harness/process/pauses/pause-meter.ts";
import type { PauseReport } from "../../../../harness/process/pauses/pause-report.ts";
import { systemClock as clock } from "../../../../simulator/clock.ts";
import { until } from "../fixture.ts";

test("every sample of Node's histogram is told, less the interval that it should have been", () => {
  const intervals = createHistogram();
  const lateMs = [0, 0, 0.5, 3, 3, 3, 17, 480];
  for (const late of lateMs) intervals.record(Math.round((lookEveryMs + late) * 1e6));
  const told = latenesses(intervals);
  expect(told).toHaveLength(lateMs.length);
  // Three digits of an interval, which is what the histogram keeps.
  for (const [at, late] of lateMs.entries()) expect(told[at]! - late).toBeLessThan(0.5);
  for (const [at, late] of lateMs.entries()) expect(told[at]).toBeGreaterThanOrEqual(late);
  expect(latenesses(createHistogram())).toEqual([]);
});

test("an early timer was not late", () => {
  const intervals = createHistogram();
  intervals.record(Math.round((lookEveryMs - 1) * 1e6));
  expect(latenesses(intervals)).toEqual([0]);
});

/** Holds the loop: the very thing that is to be seen. */
function block(ms: number): void {
  const end = clock.monotonicMs() + ms;
  while (clock.monotonicMs() < end);
}

function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

test("a stall and a collection are in what it reports, the last of it at its end", async () => {
  const reports: PauseReport[] = [];
  const end = startPauseMeter(clock, (report) => reports.push(report));
  await until(() => reports.length > 0, "the first report");
  block(300);
  collect();
  await until(() => reports.length > 1, "the second report");
  const after = reports.slice(1);
  const longest = Math.max(...after.flatMap(({ lateMs }) => lateMs));
  expect(longest).toBeGreaterThan(250);
  const major = after.flatMap(({ collections }) => collections.major ?? []);
  expect(major.length).toBeGreaterThan(0);
  expect(major[0]!.maxMs).toBeGreaterThan(0);
  expect(major[0]!.totalMs).toBeGreaterThanOrEqual(major[0]!.maxMs);
  const told = reports.length;
  end();
  expect(reports).toHaveLength(told + 1);
});
