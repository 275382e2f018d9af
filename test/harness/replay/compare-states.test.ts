import fc from "fast-check";
import { expect, test } from "vitest";
import { compareStates } from "../../../harness/replay/compare-states.ts";
import { type Row, rowsOf, stateOf, withRow } from "./states.ts";

function compare(before: readonly Row[], after: readonly Row[], as: "same" | "grown") {
  const { digestBefore, digestAfter, changed } = compareStates(stateOf(before), stateOf(after), as);
  return { equal: digestBefore === digestAfter, changes: changed.map(({ change }) => change) };
}

const rows = rowsOf(6);
const well = { equal: true, changes: [] };

test("at rest every difference of two states shows, and is named", () => {
  expect(compare(rows, [...rows].reverse(), "same")).toEqual(well);
  const cases: readonly [string, readonly Row[]][] = [
    ["gone", withRow(rows, 2)],
    ["back", withRow(rows, 2, { version: 9 })],
    ["changed", withRow(rows, 2, { sum: 77 })],
    ["changed", withRow(rows, 2, { version: 11 })],
    ["extra", [...rows, { day: "2026.01.15", key: "new", version: 1, sum: 1 }]],
  ];
  for (const [change, after] of cases) {
    expect(compare(rows, after, "same")).toEqual({ equal: false, changes: [change] });
  }
  const twice = [...rows, { ...rows[2]!, day: "2026.01.17" }];
  expect(compare(rows, twice, "same")).toEqual({ equal: false, changes: ["split"] });
});

test("a row in another day's index is another row, whatever the index is called before the day", () => {
  const elsewhere = withRow(rows, 2, { day: "2026.01.16" });
  const old = stateOf(rows, "r1-temperatures-");
  const same = compareStates(old, stateOf(rows, "r1-new1-temperatures-"), "same");
  expect(same.digestAfter).toBe(same.digestBefore);
  expect(same.digestBefore).toBe(old.digest);
  const { changed, ...digests } = compareStates(old, stateOf(elsewhere, "r1-new1-"), "same");
  expect(digests.digestAfter).not.toBe(digests.digestBefore);
  expect(changed).toEqual([
    {
      change: "split",
      key: "r1-new1-2026.01.16/k2",
      expected: "no row",
      found: "count 1, sum 2, version 10",
    },
    {
      change: "gone",
      key: "r1-temperatures-2026.01.15/k2",
      expected: "count 1, sum 2, version 10",
      found: "no row",
    },
  ]);
});

test("under load new rows and higher versions are growth", () => {
  const grown = [
    ...withRow(rows, 2, { version: 11, sum: 99 }),
    { day: "2026.01.16", key: "new", version: 1, sum: 1 },
  ];
  expect(compare(rows, grown, "grown")).toEqual(well);
});

test("under load a row that is gone, went back or changed at its version shows, among any growth", () => {
  const faults = fc.constantFrom<Partial<Row> | undefined>(
    undefined,
    { version: 9 },
    { version: 9, sum: 77 },
    { sum: 77 },
  );
  const place = fc.nat({ max: rows.length - 1 });
  fc.assert(
    fc.property(faults, place, place, (fault, at, risen) => {
      const grown = at === risen ? rows : withRow(rows, risen, { version: 12, sum: 5 });
      expect(compare(rows, grown, "grown").equal).toBe(true);
      const { equal, changes } = compare(rows, withRow(grown, at, fault), "grown");
      expect(equal).toBe(false);
      expect(changes).toHaveLength(1);
    }),
  );
});

test("without a version the revision orders, without that the count", () => {
  const scan = (sum: number, count: number) => {
    const state = stateOf([{ day: "d", key: "k", version: 1, sum }]);
    state.rows.table.columns.count[0] = count;
    return { ...state, read: () => ({ ...state, rows: { ...state.rows, columns: [] } }) };
  };
  expect(compareStates(scan(1, 1), scan(2, 2), "grown").changed).toEqual([]);
  expect(compareStates(scan(1, 2), scan(2, 1), "grown").changed).toHaveLength(1);
});

test("examples are few, the digests are of all", () => {
  const many = rowsOf(100);
  const { changed, digestBefore } = compareStates(stateOf(many), stateOf([]), "grown");
  expect(changed).toHaveLength(8);
  expect(digestBefore).toBe(stateOf(many).digest);
});
