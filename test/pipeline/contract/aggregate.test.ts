import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Aggregate,
  decodeAggregate,
  encodeAggregate,
} from "../../../pipeline/contract/aggregate.ts";
import { models } from "../../../pipeline/contract/reading.ts";

const sample: Aggregate = {
  device: { id: "t-0000042", home: "h-0000042", model: "SLR2" },
  window: { start: 1_768_435_200_000, end: 1_768_435_500_000, day: "2026-01-15" },
  count: 30,
  temperature: { min: 18.92, max: 20.41, mean: 19.730333333333334, sum: 59_191 },
  revision: 30,
  version: 1_768_435_500_000_030,
  digest: "4048969ebe7149d4",
};

test("an aggregate's bytes are the contract's example, names and order and numbers", () => {
  expect(new TextDecoder().decode(encodeAggregate(sample))).toBe(
    '{"device":{"id":"t-0000042","home":"h-0000042","model":"SLR2"},' +
      '"window":{"start":1768435200000,"end":1768435500000,"day":"2026-01-15"},"count":30,' +
      '"temperature":{"min":18.92,"max":20.41,"mean":19.730333333333334,"sum":59191},' +
      '"revision":30,"version":1768435500000030,"digest":"4048969ebe7149d4"}',
  );
});

test("what is encoded is decoded", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
  const aggregate = fc.record({
    device: fc.record({ id: fc.string(), home: fc.string(), model: fc.constantFrom(...models) }),
    window: fc.record({ start: fc.maxSafeInteger(), end: fc.maxSafeInteger(), day: fc.string() }),
    count: fc.maxSafeNat(),
    temperature: fc.record({ min: double, max: double, mean: double, sum: fc.maxSafeInteger() }),
    revision: fc.maxSafeNat(),
    version: fc.maxSafeNat(),
    digest: fc.stringMatching(/^[0-9a-f]{16}$/),
  });
  fc.assert(
    fc.property(aggregate, (value) => {
      const plain = { ...value, window: { ...value.window, day: "2026-01-15" } };
      expect(decodeAggregate(encodeAggregate(plain))).toEqual(plain);
    }),
  );
});

test("bytes that are no aggregate are undefined, never an error", () => {
  const { digest: _, ...undigested } = sample;
  const none = [
    "",
    "{",
    "null",
    "7",
    "[]",
    "{}",
    '"x"',
    JSON.stringify(undigested),
    JSON.stringify({ ...sample, count: 1.5 }),
    JSON.stringify({ ...sample, window: null }),
    JSON.stringify({ ...sample, temperature: { ...sample.temperature, sum: "59191" } }),
  ];
  for (const text of none) expect(decodeAggregate(Buffer.from(text)), text).toBeUndefined();
  expect(decodeAggregate(Buffer.from([0xff, 0xfe]))).toBeUndefined();
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(decodeAggregate(Buffer.from(text))).toBeUndefined();
    }),
  );
});
