import fc from "fast-check";
import { expect, test } from "vitest";
import { readState, writeState } from "../../../pipeline/aggregator/checkpoint-state.ts";
import type { WindowConfig } from "../../../pipeline/aggregator/config.ts";
import type { Aggregate } from "../../../pipeline/contract/aggregate.ts";
import { foldUnderTest, newFold, smallWindows } from "./folded.ts";
import { recordOf, type TestReading } from "./raw-records.ts";
import { createSlowModel } from "./slow-model.ts";

/** Three devices move stream time to `at`, by readings that no window of interest holds. */
function clockTo(at: number): TestReading[] {
  return ["c1", "c2", "c3"].map((device) => ({ device, seq: at, at }));
}

const reading = fc.record({
  device: fc.constantFrom("a", "b", "c", "d", "e"),
  boot: fc.integer({ min: 0, max: 1 }),
  seq: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.nat(0x7fffffff)),
  at: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 900 }) },
    { weight: 1, arbitrary: fc.integer({ min: -300, max: 3000 }) },
  ),
  temperature: fc.integer({ min: -5000, max: 5000 }),
  home: fc.constantFrom("h1", "h2"),
});

const log = fc.array(fc.array(reading, { minLength: 1, maxLength: 12 }), { maxLength: 60 });

const windows: fc.Arbitrary<WindowConfig> = fc.record({
  size: fc.constantFrom(50, 100),
  grace: fc.constantFrom(0, 30),
  retention: fc.constantFrom(30, 200),
  ahead: fc.constantFrom(100, 1000),
  quorum: fc.constantFrom(1, 2, 3),
  span: fc.constant(64),
});

function inAnyOrder(aggregates: readonly Aggregate[]): string[] {
  // The model does not keep who was the last to move house in another window: homes have their own test.
  return aggregates.map((a) => JSON.stringify({ ...a, device: a.device.id })).sort();
}

test("outcomes, stream time and emissions are those of the slow, obvious model", () => {
  fc.assert(
    fc.property(windows, log, (config, batches) => {
      const fast = foldUnderTest(config);
      const slow = createSlowModel(config);
      for (const batch of batches) {
        expect(fast.readings(batch)).toEqual(batch.map(slow.take));
        const due = slow.settle();
        expect(inAnyOrder(fast.emitted())).toEqual(inAnyOrder(due));
        expect(fast.state.time.value).toBe(slow.streamTime() ?? Number.NaN);
      }
    }),
    { numRuns: 400 },
  );
});

test("a state that went through a checkpoint at any batch gives the same output bytes from there", () => {
  fc.assert(
    fc.property(log, fc.nat(60), (batches, at) => {
      const unbroken = foldUnderTest();
      let restarted = foldUnderTest();
      for (const [index, batch] of batches.entries()) {
        expect(restarted.readings(batch)).toEqual(unbroken.readings(batch));
        expect(restarted.emitted()).toEqual(unbroken.emitted());
        if (index !== at) continue;
        const bytes = writeState(restarted.state);
        const fresh = newFold(smallWindows);
        readState(bytes, fresh);
        expect(writeState(fresh).equals(bytes)).toBe(true);
        restarted = foldUnderTest(smallWindows, fresh);
      }
      expect(writeState(restarted.state).equals(writeState(unbroken.state))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("revision k holds the first k distinct accepted readings, and the last revision all of them", () => {
  const fold = foldUnderTest();
  fold.readings(clockTo(0));
  fold.readings([
    { device: "a", seq: 0, at: 10, temperature: 100 },
    { device: "a", seq: 0, at: 10, temperature: 100 },
    { device: "a", seq: 1, at: 20, temperature: 300 },
  ]);
  expect(fold.emitted()).toEqual([]);
  fold.readings(clockTo(130));
  const [first] = fold.emitted().filter((a) => a.device.id === "a");
  expect(first).toMatchObject({ count: 2, revision: 2, temperature: { sum: 400, min: 1, max: 3 } });
  expect(fold.readings([{ device: "a", seq: 2, at: 99, temperature: 500 }])).toEqual(["folded"]);
  const [second] = fold.emitted();
  expect(second).toMatchObject({ revision: 3, version: 100_003, temperature: { sum: 900 } });
  expect(fold.readings([{ device: "a", seq: 2, at: 99, temperature: 500 }])).toEqual(["duplicate"]);
  expect(fold.emitted()).toEqual([]);
});

test("a window is emitted at end + grace, and not one millisecond before", () => {
  const fold = foldUnderTest();
  fold.readings([{ device: "a", seq: 0, at: 99 }]);
  fold.readings(clockTo(129));
  expect(fold.emitted()).toEqual([]);
  fold.readings(clockTo(130));
  expect(fold.emitted()).toMatchObject([{ device: { id: "a" }, window: { start: 0, end: 100 } }]);
});

test("a reading revises until end + retention, and is late from that millisecond on", () => {
  const late = { device: "a", seq: 1, at: 99 };
  const fold = foldUnderTest();
  fold.readings([{ device: "a", seq: 0, at: 99 }]);
  fold.readings(clockTo(299));
  expect(fold.readings([late])).toEqual(["folded"]);
  fold.readings(clockTo(300));
  expect(fold.readings([{ ...late, seq: 2 }])).toEqual(["late"]);
});

test("late is judged by stream time before the reading", () => {
  const fold = foldUnderTest({ ...smallWindows, quorum: 1, ahead: 10_000 });
  expect(fold.readings([{ device: "a", seq: 0, at: 0 }])).toEqual(["folded"]);
  // This reading moves stream time far ahead, and is itself neither late nor future.
  expect(fold.readings([{ device: "a", seq: 1, at: 5000 }])).toEqual(["folded"]);
  expect(fold.readings([{ device: "a", seq: 2, at: 0 }])).toEqual(["late"]);
});

test("a reading is future from one millisecond past stream time + ahead", () => {
  const fold = foldUnderTest();
  fold.readings(clockTo(500));
  expect(fold.readings([{ device: "a", seq: 0, at: 1500 }])).toEqual(["folded"]);
  expect(fold.readings([{ device: "b", seq: 0, at: 1501 }])).toEqual(["future"]);
});

test("windows of negative times lie on the same grid", () => {
  const fold = foldUnderTest();
  fold.readings([{ device: "a", seq: 0, at: -1 }]);
  fold.readings(clockTo(130));
  expect(fold.emitted().map((a) => a.window)).toContainEqual({
    start: -100,
    end: 0,
    day: "1969-12-31",
  });
});

test("an aggregate carries home and model of the newest accepted reading", () => {
  const fold = foldUnderTest();
  fold.readings([{ device: "a", seq: 0, at: 0, home: "old", model: "SLR1" }]);
  fold.readings([{ device: "a", seq: 1, at: 1, home: "new", model: "TRV1" }]);
  fold.readings([{ device: "a", seq: 1, at: 1, home: "a duplicate's", model: "SLT3" }]);
  fold.readings(clockTo(130));
  expect(fold.emitted()[0]!.device).toEqual({ id: "a", home: "new", model: "TRV1" });
});

test("bytes that are no reading are malformed, whatever their key", () => {
  const fold = foldUnderTest();
  const { key, value } = recordOf({ device: "a", seq: 0, at: 0 });
  const notText = recordOf({ device: "é", seq: 0, at: 0 });
  const broken = Buffer.from(notText.value!);
  broken[broken.indexOf(0xa9)] = 0x41;
  expect(
    fold.records([
      { key, value: null },
      { key: null, value: null },
      { key, value: value!.subarray(1) },
      { key, value: Buffer.alloc(0) },
      { key, value: broken },
      recordOf({ device: "a", seq: 0, at: 9e12 }),
    ]),
  ).toEqual(Array(6).fill("malformed"));
  expect(fold.state.time.readings).toBe(0);
});

test("a key that is not the device, or not of this partition, is wrong-partition and no clock", () => {
  const fold = foldUnderTest();
  const { value } = recordOf({ device: "a", seq: 0, at: 0 });
  expect(
    fold.records([
      { key: null, value },
      { key: Buffer.from("b"), value },
      { key: Buffer.from(""), value },
    ]),
  ).toEqual(Array(3).fill("wrong-partition"));
  const other = { ...fold.state, partitions: 2 };
  const outcomes = ["a", "b", "c", "d"].map(
    (device) => foldUnderTest(smallWindows, other).readings([{ device, seq: 0, at: 0 }])[0],
  );
  expect(new Set(outcomes)).toEqual(new Set(["folded", "wrong-partition"]));
});

test("places of evicted windows and devices are used again: memory does not grow with time", () => {
  const fold = foldUnderTest();
  for (let round = 0; round < 200; round++) {
    const at = round * 100;
    const batch = Array.from({ length: 20 }, (_, i) => ({ device: `r${round}-${i}`, seq: 0, at }));
    expect(fold.readings(batch)).toEqual(Array(20).fill("folded"));
    fold.emitted();
  }
  expect(fold.state.windows.used).toBeLessThan(200);
  expect(fold.state.devices.used).toBeLessThan(200);
  expect(fold.state.seen.used).toBeLessThan(200);
  expect(fold.state.devices.text.length).toBeLessThan(10_000);
});

test("a reading is the same reading in Avro and in JSON", () => {
  const fold = foldUnderTest();
  const first = { device: "a", seq: 0, at: 10 };
  expect(fold.records([recordOf(first, "json"), recordOf(first), recordOf(first, "json")])).toEqual(
    ["folded", "duplicate", "duplicate"],
  );
});
