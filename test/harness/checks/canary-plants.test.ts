import { expect, test } from "vitest";
import { runCanary } from "../../../harness/checks/canary.ts";
import {
  choose,
  gatherCandidates,
  plant,
  textsWithout,
} from "../../../harness/checks/canary-plants.ts";
import { createCanaryTally } from "../../../harness/checks/canary-tally.ts";
import { gatherPublished } from "../../../harness/checks/published.ts";
import { addValues, createTable, rowOf } from "../../../harness/facts/table.ts";
import { factsOf, honestHistory } from "./history.ts";

const spec = { sum: "f64", other: "i32" } as const;
const at = (place: number) => ({ row: 100 + place, at: place });

test("one row is gone, one is there twice, and one's sum is off by a hundredth; no other is touched", () => {
  const table = createTable(spec);
  for (let row = 0; row < 6; row++) addValues(table, { sum: row * 10, other: row });
  const planted = (removed: number, doubled: number, altered: number) => {
    const plants = { removed: at(removed), doubled: at(doubled), altered: at(altered) };
    const bent = plant(table, plants);
    return Array.from({ length: bent.length }, (_, row) => {
      const { sum, other } = rowOf(bent, row);
      return [other, sum];
    });
  };
  const [zero, one, two, three, four, five] = [0, 1, 2, 3, 4, 5].map((row) => [row, row * 10]);
  expect(planted(2, 0, 5)).toEqual([zero, one, three, four, [5, 51], zero]);
  expect(planted(5, 4, 3)).toEqual([zero, one, two, [3, 31], four, four]);
  expect(planted(0, 1, 2)).toEqual([one, [2, 21], three, four, five, one]);
  expect(rowOf(table, 5)).toEqual({ sum: 50, other: 5 });
});

test("texts stay with their rows when one row is gone", () => {
  const texts = new Map([
    [1, "a"],
    [4, "b"],
    [7, "c"],
  ]);
  expect([...textsWithout(texts, 4)]).toEqual([
    [1, "a"],
    [6, "c"],
  ]);
  expect([...textsWithout(texts, 5)]).toEqual([
    [1, "a"],
    [4, "b"],
    [6, "c"],
  ]);
});

test("three windows are chosen in which nothing is wrong yet; two are too few", () => {
  const names = ["d/1", "d/2", "d/3", "d/4", "e/1"];
  const places = names.map((_, nth) => at(nth));
  const before = createCanaryTally(new Set(names));
  before.list.add("corrupt", () => ({ device: "d", window: 2 }));
  const [first, , third, fourth] = places;
  expect(choose({ places, names }, before)).toEqual({
    ...{ removed: first, doubled: third, altered: fourth },
  });
  before.list.add("duplicate", () => ({ device: "d", window: 1 }));
  expect(choose({ places, names }, before)).toEqual({
    ...{ removed: third, doubled: fourth, altered: places[4] },
  });
  before.list.add("unseen", () => ({ device: "e", window: 1 }));
  expect(choose({ places, names }, before)).toBeUndefined();
  expect(choose({ places: [], names: [] }, before)).toBeUndefined();
});

test("candidates are due, stand in their place, and come from the middle on, 256 of them at most", () => {
  const facts = factsOf(honestHistory);
  const { index } = gatherPublished(facts);
  const { columns, length } = facts.audit.windows;
  const middle = Math.floor(length / 2);
  const order = Array.from({ length }, (_, step) => (middle + step) % length);
  const due = order.filter((row) => columns.firstDue[row]! > 0);
  expect(due.length).toBeLessThan(256);
  const all = gatherCandidates(facts, index, (row) => row + 7);
  expect(all.places).toEqual(due.map((row) => ({ row, at: row + 7 })));
  expect(all.names).toEqual(
    due.map((row) => `${facts.plan.deviceId(columns.device[row]!)}/${columns.window[row]}`),
  );
  const [first, ...others] = gatherCandidates(facts, index, (row) => row - middle - 1).places;
  expect(first?.at).toBe(0);
  expect(others.every(({ row }) => row > middle)).toBe(true);
  columns.firstDue.fill(1);
  expect(length).toBeGreaterThan(256);
  expect(gatherCandidates(facts, index, () => 0).places).toHaveLength(256);
});

test("the canary is caught, too, where what is missing is only unseen", () => {
  const unread = factsOf({
    ...honestHistory,
    record: { drain: "shrinking" },
    topicsReachedEnd: false,
  });
  expect(runCanary(unread)).toEqual({ planted: 9, caught: 9 });
});

test("a window that a place holds twice, or that is wrong by itself, is none to plant in", () => {
  const { published } = honestHistory;
  const twice = factsOf({ ...honestHistory, published: [...published, ...published] });
  expect(runCanary(twice)).toEqual({ planted: 0, caught: 0 });
  const faulty = factsOf(honestHistory);
  faulty.topics.aggregated.table.columns.faults.fill(4);
  expect(runCanary(faulty)).toEqual({ planted: 0, caught: 0 });
});
