import fc from "fast-check";
import { expect, test } from "vitest";
import { createReorder } from "../../../harness/replay/reorder.ts";

function reordered(
  records: readonly (readonly [partition: number, n: number])[],
  blockSize: number,
) {
  const taken: (readonly [number, number])[] = [];
  const options = { partitions: 3, blockSize, seed: 1 };
  const reorder = createReorder<number>(options, (partition, n) => taken.push([partition, n]));
  for (const [partition, n] of records) reorder.add(partition, n);
  reorder.end();
  return taken;
}

test("every record comes once, in its partition, displaced by less than a block", () => {
  const many = fc.array(fc.nat(2), { maxLength: 200 });
  fc.assert(
    fc.property(many, fc.integer({ min: 1, max: 20 }), (partitions, blockSize) => {
      const counts = [0, 0, 0];
      const records = partitions.map((partition) => [partition, counts[partition]!++] as const);
      const taken = reordered(records, blockSize);
      for (const partition of [0, 1, 2]) {
        const of = taken.filter(([at]) => at === partition).map(([, n]) => n);
        expect(of.toSorted((a, b) => a - b)).toEqual(of.map((_, n) => n));
        expect(of.every((n, at) => Math.abs(n - at) < blockSize)).toBe(true);
      }
    }),
  );
});

test("nothing is displaced over a record that stays where it is", () => {
  const taken: number[] = [];
  const options = { partitions: 1, blockSize: 50, seed: 1 };
  const reorder = createReorder<number>(options, (_, n) => taken.push(n));
  for (let n = 0; n < 40; n++) (n === 20 ? reorder.addFixed : reorder.add)(0, n);
  reorder.end();
  expect(taken[20]).toBe(20);
  expect(taken.slice(0, 20).every((n) => n < 20)).toBe(true);
});

test("blocks of one are the same order; longer ones are another, the same for a seed", () => {
  const records = Array.from({ length: 100 }, (_, n) => [0, n] as const);
  expect(reordered(records, 1)).toEqual(records);
  expect(reordered(records, 50)).not.toEqual(records);
  expect(reordered(records, 50)).toEqual(reordered(records, 50));
});
