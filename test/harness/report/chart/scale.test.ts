import fc from "fast-check";
import { expect, test } from "vitest";
import {
  linearScale,
  logScale,
  niceStep,
  percentileScale,
  timeScale,
} from "../../../../harness/report/chart/scale.ts";
import {
  amountLabel,
  latencyLabel,
  timeText,
} from "../../../../harness/report/chart/time-chart.ts";

const text = String;

test("every scale keeps its values on the axis, in order, with few ticks", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e12, noNaN: true }), (most) => {
      for (const scale of [linearScale(most, text), logScale([most / 3, most], text)]) {
        expect(scale.place(most)).toBeLessThanOrEqual(1);
        expect(scale.place(most / 2)).toBeLessThanOrEqual(scale.place(most));
        expect(scale.place(most)).toBeGreaterThan(0);
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
        expect(scale.ticks.length).toBeLessThanOrEqual(14);
      }
    }),
  );
});

test("steps are 1, 2 or 5 times a power of ten", () => {
  expect([0.3, 1, 1.2, 4, 7, 30_000].map(niceStep)).toEqual([0.5, 1, 2, 5, 10, 50_000]);
});

test("without values there is still an axis", () => {
  expect(linearScale(0, text).ticks.length).toBeGreaterThan(1);
  expect(logScale([], text).ticks.map(({ value }) => value)).toEqual([1, 10]);
  expect(logScale([0], text).place(0)).toBe(0);
});

test("each nine of a percentile takes as much room as the one before", () => {
  const { place, ticks } = percentileScale(5);
  expect(ticks.map(({ label }) => label)).toEqual([
    "50%",
    "90%",
    "99%",
    "99.9%",
    "99.99%",
    "99.999%",
  ]);
  expect([90, 99, 99.9, 99.99, 99.999].map((at) => place(at).toFixed(3))).toEqual([
    "0.200",
    "0.400",
    "0.600",
    "0.800",
    "1.000",
  ]);
  expect(place(100)).toBe(1);
});

test("time ticks are steps that people count in, from five seconds to a day", () => {
  expect(timeScale(0, 5_000, timeText).ticks.map(({ label }) => label)).toEqual([
    "0",
    "1 s",
    "2 s",
    "3 s",
    "4 s",
    "5 s",
  ]);
  expect(timeScale(-500, 2_100_000, timeText).ticks.map(({ label }) => label)).toEqual([
    "0",
    "5:00",
    "10:00",
    "15:00",
    "20:00",
    "25:00",
    "30:00",
    "35:00",
  ]);
  expect(timeScale(0, 86_400_000, timeText).ticks.length).toBeLessThanOrEqual(11);
});

test("labels are short", () => {
  expect([0, 500, 20_000, 1.5e6, 2e9, 0.25].map(amountLabel)).toEqual([
    "0",
    "500",
    "20k",
    "1.5m",
    "2b",
    "0.25",
  ]);
  expect([0.01, 0.1, 1, 100, 1_000].map(latencyLabel)).toEqual([
    "10 µs",
    "100 µs",
    "1 ms",
    "100 ms",
    "1 s",
  ]);
  expect([-500, -2_000, 0, 89_000, 150_000, 3_720_000].map(timeText)).toEqual([
    "−1 s",
    "−2 s",
    "0",
    "89 s",
    "2:30",
    "1:02:00",
  ]);
});

test("amounts too small for a step of their own are drawn as none", () => {
  const { place, ticks } = linearScale(Number.MIN_VALUE, String);
  expect(ticks.at(-1)?.value).toBe(1);
  expect(place(Number.MIN_VALUE)).toBeCloseTo(0);
  expect(logScale([Number.MIN_VALUE], String).ticks.map(({ value }) => value)).toEqual([1, 10]);
});
