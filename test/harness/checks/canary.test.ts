import { expect, test } from "vitest";
import { caughtOf } from "../../../harness/checks/canary.ts";
import { createCanaryTally, windowName } from "../../../harness/checks/canary-tally.ts";
import type { AnomalyClass } from "../../../harness/checks/finding.ts";
import { createWindowIndex } from "../../../harness/checks/window-index.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { factsOf, honestHistory } from "./history.ts";

const facts = factsOf(honestHistory);
const index = createWindowIndex(facts);
const placeOf = (row: number) => {
  const { device, window } = rowOf(facts.audit.windows, row);
  return { device: index.nameOf(device), window };
};
const plants = {
  ...{ removed: { row: 4, at: 1 }, doubled: { row: 5, at: 2 }, altered: { row: 6, at: 3 } },
};
const watched = new Set(
  [4, 5, 6, 7].map((row) => windowName(placeOf(row).device, placeOf(row).window)),
);

type Found = readonly [AnomalyClass, row: number];
const right: readonly Found[] = [
  ["lost-write", 4],
  ["duplicate", 5],
  ["corrupt", 6],
];
function tallyOf(found: readonly Found[]) {
  const tally = createCanaryTally(watched);
  for (const [kind, row] of found) tally.list.add(kind, () => placeOf(row));
  return tally;
}
const caught = (after: readonly Found[], before: readonly Found[] = []) =>
  caughtOf(plants, index, facts, tallyOf(before), tallyOf(after)).caught;

test("a canary is caught when each of its three faults is named, and nothing else is", () => {
  expect(caughtOf(plants, index, facts, tallyOf([]), tallyOf(right))).toEqual({
    ...{ planted: 3, caught: 3 },
  });
  expect(caught(right.with(0, ["unseen", 4]))).toBe(3);
});

test("planted: a check that misses a fault, all of them, or names another window, is told", () => {
  for (const at of [0, 1, 2]) expect(caught(right.toSpliced(at, 1))).toBe(2);
  expect(caught([])).toBe(0);
  expect(caught(right.with(1, ["duplicate", 7]))).toBe(2);
  expect(caught(right.with(2, ["masked", 6]))).toBe(2);
});

test("planted: a check that names more than was planted did not catch the canary", () => {
  expect(caught([...right, ["corrupt", 7]])).toBe(2);
  // In a window that nobody watches.
  expect(caught([...right, ["corrupt", 9]])).toBe(2);
  expect(
    caught([
      ["duplicate", 5],
      ["corrupt", 9],
    ]),
  ).toBe(1);
});

test("what was found before counts for nothing, here and elsewhere", () => {
  const before: readonly Found[] = [
    ["corrupt", 7],
    ["corrupt", 9],
  ];
  expect(caught([...right, ...before], before)).toBe(3);
  expect(caught([...right.slice(1), ...before], before)).toBe(2);
  expect(caught([...right, ...before], [...before, ["duplicate", 5]])).toBe(2);
  expect(caught(right, before.slice(1))).toBe(2);
});
