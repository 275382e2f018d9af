import fc from "fast-check";
import { expect, test } from "vitest";
import { assignRanges } from "../../../harness/simulation/memory-assignor.ts";

const subscriber = (memberId: string, groupInstanceId?: string) => ({
  memberId,
  groupInstanceId,
  topics: ["raw", "other"],
});

test("of 6 partitions four members get 2, 2, 1 and 1, in a row", () => {
  const members = ["a", "b", "c", "d"].map((name) => subscriber(name));
  const shares = assignRanges(members, () => 6);
  expect(["a", "b", "c", "d"].map((name) => shares.get(name)?.get("raw"))).toEqual([
    [0, 1],
    [2, 3],
    [4],
    [5],
  ]);
});

test("static members come first, by their lasting name, whatever their member ids are", () => {
  const members = [subscriber("a"), subscriber("z", "slot-0"), subscriber("b", "slot-1")];
  const shares = assignRanges(members, () => 3);
  expect(["z", "b", "a"].map((name) => shares.get(name)?.get("raw"))).toEqual([[0], [1], [2]]);
});

test("every partition has one owner, shares differ by one at most, equal topics meet", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 9 }),
      fc.nat(40),
      (names, count) => {
        const shares = assignRanges(
          names.map((name) => subscriber(name)),
          () => count,
        );
        const raw = [...shares.values()].map((share) => share.get("raw") ?? []);
        const all = raw.flat().sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: count }, (_, partition) => partition));
        const sizes = raw.map((share) => share.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const share of shares.values()) expect(share.get("raw")).toEqual(share.get("other"));
      },
    ),
  );
});
