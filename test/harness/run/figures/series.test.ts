import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseSeries } from "../../../../harness/report/series-shape.ts";
import { recordSeries } from "../../../../harness/run/figures/series.ts";
import type { LiveEvent } from "../../../../harness/run/live-status.ts";
import { createVirtualClock } from "../../../../harness/simulation/memory-clock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fleetproof-series-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A recorder on a clock that begins at 10 s of wall time; the load begins at 12 s. */
function recording() {
  const clock = createVirtualClock(10_000);
  const file = join(folder, "series.ndjson");
  let tell: (event: LiveEvent) => void = () => undefined;
  let originMs: number | undefined;
  let looks = 0;
  const recorder = recordSeries({
    file,
    status: {
      listen: (listener) => {
        tell = listener;
      },
    },
    usage: () => ({ kafka: { cpuSeconds: ++looks, maxRssBytes: 1 } }),
    originMs: () => originMs,
    clock,
  });
  return {
    clock,
    recorder,
    stage: (name: string, total: number, more: { lag?: number; p99Ms?: number } = {}) =>
      tell({ kind: "stage", name, reading: { total, ...more }, atMs: clock.now() }),
    tell: (event: LiveEvent) => tell(event),
    begin: (at: number) => {
      originMs = at;
    },
    read: () => parseSeries(readFileSync(file, "utf8")),
  };
}

test("a line a second once the origin is known, negative before the load", async () => {
  const { clock, recorder, begin, read } = recording();
  await clock.advance(1_000);
  begin(12_000);
  await clock.advance(2_000);
  await recorder[Symbol.asyncDispose]();
  const { originMs, points } = read();
  expect(originMs).toBe(12_000);
  expect(points.map(({ atMs }) => atMs)).toEqual([0, 1_000, 1_000]);
});

test("rates lie between two lines; a stage that tells nothing is not there; a total that went back has no rate", async () => {
  const { clock, recorder, begin, stage, read } = recording();
  begin(10_000);
  stage("fleet", 100);
  await clock.advance(1_000);
  await clock.advance(500);
  stage("fleet", 400, { lag: 7 });
  await clock.advance(500);
  await clock.advance(1_000);
  stage("fleet", 0);
  await recorder[Symbol.asyncDispose]();
  expect(read().points.map(({ stages }) => stages["fleet"])).toEqual([
    { total: 100 },
    { total: 400, perSecond: 200, lag: 7 },
    undefined,
    { total: 0 },
  ]);
});

test("the worst p99 of a second stands, not the last", async () => {
  const { clock, recorder, begin, stage, read } = recording();
  begin(10_000);
  for (const p99Ms of [2, 31, 4]) stage("fleet", 1, { p99Ms });
  await clock.advance(1_000);
  await recorder[Symbol.asyncDispose]();
  expect(read().points[0]!.stages["fleet"]!.p99Ms).toBe(31);
});

test("latencies are those of the line's own time", async () => {
  const { clock, recorder, begin, read } = recording();
  begin(10_000);
  recorder.sample("aggregate", 100, 99);
  recorder.sample("aggregate", 5_000);
  await clock.advance(1_000);
  recorder.sample("aggregate", 10);
  await clock.advance(1_000);
  await recorder[Symbol.asyncDispose]();
  const [first, second, last] = read().points.map(({ latencyMs }) => latencyMs["aggregate"]);
  expect(first!.count).toBe(100);
  expect(first!.p50).toBeCloseTo(100, -1);
  expect(second).toMatchObject({ count: 1 });
  expect(last).toBeUndefined();
});

test("processes are looked at in one line of five, and in the last", async () => {
  const { clock, recorder, begin, read } = recording();
  begin(10_000);
  for (let second = 0; second < 7; second++) await clock.advance(1_000);
  await recorder[Symbol.asyncDispose]();
  const seen = read().points.map(({ processes }) => processes?.["kafka"]?.cpuSeconds);
  expect(seen).toEqual([1, undefined, undefined, undefined, undefined, 2, undefined, 3]);
});

test("phases carry the moment in which they began, and a fault is there while it is on", async () => {
  const { clock, recorder, begin, tell, read } = recording();
  begin(10_000);
  await clock.advance(400);
  tell({ kind: "phase", phase: "load", atMs: clock.now() });
  tell({ kind: "fault", active: "kill aggregator-0", atMs: clock.now() });
  await clock.advance(600);
  tell({ kind: "phase", phase: "load", atMs: clock.now() });
  tell({ kind: "fault", active: undefined, atMs: clock.now() });
  await clock.advance(1_000);
  await recorder[Symbol.asyncDispose]();
  const [first, second] = read().points;
  expect(first).toMatchObject({ phase: "load", phaseFromMs: 400, fault: "kill aggregator-0" });
  expect(second).toMatchObject({ phase: "load", phaseFromMs: 400 });
  expect(second).not.toHaveProperty("fault");
});

test("a file that cannot be written ends the recording, and whoever ends it is told", async () => {
  const clock = createVirtualClock(0);
  const recorder = recordSeries({
    file: join(folder, "no", "such", "folder"),
    status: { listen: () => undefined },
    usage: () => ({}),
    originMs: () => 0,
    clock,
  });
  await clock.advance(1_000);
  await expect(recorder[Symbol.asyncDispose]()).rejects.toThrow("ENOENT");
});
