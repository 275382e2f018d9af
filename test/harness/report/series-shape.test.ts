import fc from "fast-check";
import { expect, test } from "vitest";
import {
  parseSeries,
  seriesHeadLine,
  seriesPointLine,
} from "../../../harness/report/series-shape.ts";
import { seriesOf } from "./report-fixture.ts";

const series = seriesOf(20);
const text = seriesHeadLine(series.originMs!) + series.points.map(seriesPointLine).join("");

test("a series reads back as it was written", () => {
  expect(parseSeries(text)).toEqual({
    ...series,
    points: series.points.map((point) => JSON.parse(seriesPointLine(point)) as unknown),
  });
});

test("wherever a file is cut off, all whole lines are read and nothing is invented", () => {
  const whole = parseSeries(text).points;
  fc.assert(
    fc.property(fc.nat(text.length), (length) => {
      const { points, damagedLines } = parseSeries(text.slice(0, length));
      expect(damagedLines).toBe(0);
      expect(points).toEqual(whole.slice(0, points.length));
      const lines = text.slice(0, length).split("\n").length - 1;
      expect(points.length).toBeGreaterThanOrEqual(lines - 1);
    }),
  );
});

test("a damaged line is counted and the others stand, in the order of time", () => {
  const [first, second, third] = series.points.map(seriesPointLine);
  const read = parseSeries(`${third}not json\n${first}{"atMs":"soon"}\n${second}`);
  expect(read.damagedLines).toBe(2);
  expect(read.originMs).toBeUndefined();
  expect(read.points.map(({ atMs }) => atMs)).toEqual([-500, 500, 1_500]);
});

test("an empty file is a series without points", () => {
  expect(parseSeries("")).toEqual({ originMs: undefined, points: [], damagedLines: 0 });
});
