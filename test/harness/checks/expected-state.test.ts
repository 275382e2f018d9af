import { expect, test } from "vitest";
import { createExpectedStates, describeState } from "../../../harness/checks/expected-state.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { factsOf, honestHistory } from "./history.ts";

const { audit } = factsOf(honestHistory);
const { windows, revisions } = audit;
const states = createExpectedStates(audit);
/** A revision that was not the last one of its window. */
const earlier = rowOf(revisions, revisions.length - 1);
const last = rowOf(windows, earlier.row);
const fields = ["count", "min", "max", "sum", "digestHi", "digestLo"] as const;
const stateOf = (row: Readonly<Record<(typeof fields)[number], number>>) =>
  Object.fromEntries(fields.map((name) => [name, row[name]]));

test("the final state is all accepted readings; an earlier one the first k of them", () => {
  expect(states.final(earlier.row)).toEqual(stateOf(last));
  expect(states.at(earlier.row, last.count)).toEqual(stateOf(last));
  expect(states.at(earlier.row, earlier.count)).toEqual(stateOf(earlier));
});

test("no revision may be published before the first due one, behind the last, or of no due window", () => {
  expect(states.at(earlier.row, last.firstDue - 1)).toBeUndefined();
  expect(states.at(earlier.row, last.count + 1)).toBeUndefined();
  const bent = factsOf(honestHistory).audit;
  bent.windows.columns.firstDue[earlier.row] = 0;
  expect(createExpectedStates(bent).at(earlier.row, last.count)).toBeUndefined();
});

test("a state is told in degrees, with the digest as it is published", () => {
  const state = { count: 3, min: 1_950, max: 2_050, sum: 6_000, digestHi: 255, digestLo: 1 };
  expect(describeState(state)).toBe(
    "count 3, sum 6000, min 19.5, max 20.5, digest 000000ff00000001",
  );
});
