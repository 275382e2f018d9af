import { expect, test } from "vitest";
import {
  coreLines,
  hopLines,
  stageLines,
  timeFrame,
} from "../../../harness/report/series-lines.ts";
import type { Series } from "../../../harness/report/series-shape.ts";
import type { FaultSummary } from "../../../harness/report/summary-json.ts";
import { brokenOff, finished, seriesOf } from "./report-fixture.ts";

const names = (lines: readonly { readonly name: string }[]): string[] =>
  lines.map(({ name }) => name);

test("stages of readings and of aggregates are different charts; scans are none", () => {
  const series = seriesOf(3, {
    stages: { ...stagesOf("fleet"), ...stagesOf("cassandra"), ...stagesOf("rows read") },
  });
  expect(names(stageLines(series, "perSecond", "readings"))).toEqual(["fleet"]);
  expect(names(stageLines(series, "perSecond", "aggregates"))).toEqual(["cassandra"]);
  expect(names(stageLines(series, "lag", "both"))).toEqual(["fleet", "cassandra"]);
});

const stagesOf = (name: string) => ({ [name]: { total: 1, perSecond: 1, lag: 1 } });

test("a hop has its p99, and its median in the same colour", () => {
  const [p99, p50] = hopLines(seriesOf(20));
  expect([p99!.name, p50!.name]).toEqual(["aggregate p99", "aggregate p50"]);
  expect(p50).toMatchObject({ faint: true, colour: p99!.colour });
});

test("cores are CPU seconds between two looks; a sum that went back is not drawn", () => {
  const at = (atMs: number, cpuSeconds: number) => ({
    ...seriesOf(1).points[0]!,
    atMs,
    processes: { kafka: { cpuSeconds, maxRssBytes: 1 } },
  });
  const series: Series = {
    ...seriesOf(0),
    points: [at(0, 1), at(5_000, 6), at(10_000, 2), at(15_000, 4.5)],
  };
  expect(coreLines(series)[0]!.points).toEqual([
    { x: 5_000, y: 1 },
    { x: 15_000, y: 0.5 },
  ]);
});

const fault: FaultSummary = {
  kind: "pause",
  target: "aggregator-0",
  atMs: 14_000,
  untilMs: 20_000,
  effect: "stopped",
  recoveredMs: 9_000,
};
const bandsOf = (change: Partial<FaultSummary>) =>
  timeFrame(finished({ faults: [{ ...fault, ...change }] })).bands;

test("a band from the fault to its end, and a paler one until records flowed again", () => {
  const title = "1: pause aggregator-0 at 14 s, flowing again after 9.0 s";
  expect(bandsOf({})).toEqual([
    { from: 14_000, to: 20_000, label: "1", title },
    { from: 20_000, to: 23_000, label: "1", title, aftermath: true },
  ]);
});

test("a fault that was over when records flowed again has one band; one that never was over has it to the end", () => {
  expect(bandsOf({ untilMs: 23_000 })).toHaveLength(1);
  expect(bandsOf({ untilMs: null, recoveredMs: null })).toMatchObject([
    { to: Number.POSITIVE_INFINITY },
  ]);
  expect(bandsOf({ effect: null })).toEqual([]);
});

test("of a run that was broken off, the bands are where its series saw a fault", () => {
  const points = seriesOf(9).points.map((point, at) =>
    at > 2 && at < 6 ? { ...point, fault: "kill job-cassandra-0" } : point,
  );
  expect(timeFrame({ ...brokenOff, series: { ...brokenOff.series, points } }).bands).toEqual([
    { from: 2_500, to: 4_500, label: "1", title: "1: kill job-cassandra-0 at 3 s" },
  ]);
});

test("phases begin where they were told, each once", () => {
  expect(timeFrame(finished({}, 10)).phases).toEqual([
    { at: 0, label: "load" },
    { at: 8_000, label: "drain" },
  ]);
});

test("without points there is still a frame", () => {
  expect(timeFrame({ ...brokenOff, series: seriesOf(0) })).toEqual({
    fromMs: 0,
    toMs: 1_000,
    bands: [],
    phases: [],
  });
});
