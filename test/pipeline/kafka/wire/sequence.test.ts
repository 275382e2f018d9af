import { expect, test } from "vitest";
import { nextSequence } from "../../../../pipeline/kafka/wire/stamp-batch.ts";

test("sequences wrap modulo 2^31: the one after the largest is 0", () => {
  const start = 2 ** 31 - 500;
  expect(nextSequence(start, 499)).toBe(2 ** 31 - 1);
  expect(nextSequence(start, 500)).toBe(0);
  expect(nextSequence(start, 1_000)).toBe(500);
  expect(nextSequence(2 ** 31 - 1, 1)).toBe(0);
});

test("a batch that crosses the wrap goes on behind it without a gap", () => {
  let sequence = 2 ** 31 - 500;
  for (let batch = 0; batch < 10; batch++) sequence = nextSequence(sequence, 300);
  expect(sequence).toBe(2_500);
});
