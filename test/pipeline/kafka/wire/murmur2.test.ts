import { expect, test } from "vitest";
import { murmur2, partitionOf } from "../../../../pipeline/kafka/wire/murmur2.ts";

// Source: Kafka, UtilsTest#testMurmur2.
test.each([
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
])("murmur2 of %s is Kafka's", (text, hash) => {
  const bytes = Buffer.from(`>${text}<`);
  expect(murmur2(bytes, 1, bytes.length - 1)).toBe(hash);
});

test("a negative hash loses its sign bit, it is not negated", () => {
  const bytes = Buffer.from("21");
  expect(partitionOf(bytes, 0, 2, 7)).toBe((-973932308 & 0x7fffffff) % 7);
});
