import fc from "fast-check";
import { expect, test } from "vitest";
import { compareWindow } from "../../../harness/checks/compare-window.ts";
import { createExpectedStates } from "../../../harness/checks/expected-state.ts";
import { createRightRecords, createRightRows } from "../../../harness/checks/right-rows.ts";
import { factsOf, honestHistory } from "./history.ts";

const numbers = ["count", "sum", "min", "max", "mean", "revision", "version"] as const;
const words = ["digestHi", "digestLo", "digestOk"] as const;
/** Values that differ from the right one in every way that matters, and some that do not. */
const bent = fc.constantFrom(
  (value: number) => value,
  () => Number.NaN,
  () => 0,
  () => -0,
  (value: number) => value + 1,
  (value: number) => value + 1e-9,
  (value: number) => -value,
);

test("a row is right at a glance exactly where nothing is found wrong with it", () => {
  const column = fc.constantFrom(...numbers, ...words);
  const changes = fc.array(fc.tuple(column, bent), { maxLength: 3 });
  fc.assert(
    fc.property(fc.nat(), changes, (nth, changed) => {
      const facts = factsOf(honestHistory);
      const { audit, plan } = facts;
      const rows = facts.stores[1]!;
      const { sizeMs } = plan.options.window;
      const at = nth % rows.table.length;
      const { device, window } = rows.table.columns;
      const row = [...audit.windows.columns.device].findIndex(
        (each, k) => each === device[at] && audit.windows.columns.window[k] === window[at],
      );
      const columns = rows.table.columns;
      for (const [name, change] of changed) columns[name][at] = change(columns[name][at]!);
      const found = Object.fromEntries(numbers.map((name) => [name, columns[name][at]!]));
      const place = { row, device: device[at]!, name: "t", window: window[at]! };
      const states = createExpectedStates(audit);
      const fault = compareWindow(
        states,
        () => undefined,
        { ...place, windowEnd: window[at]! + sizeMs },
        states.final(row),
        {
          ...(found as Record<(typeof numbers)[number], number>),
          digestHi: columns.digestHi[at]!,
          digestLo: columns.digestLo[at]!,
          digestOk: columns.digestOk[at] === 1,
        },
      );
      expect(createRightRows(audit, rows, sizeMs)(row, at)).toBe(fault === undefined);
    }),
    { numRuns: 60 },
  );
});

test("a published record is right at a glance only in every field, and by itself", () => {
  const facts = factsOf(honestHistory);
  const { columns } = facts.topics.aggregated.table;
  const isRight = createRightRecords(facts);
  const { device, window } = facts.audit.windows.columns;
  const row = [...device].findIndex(
    (each, k) => each === columns.device[0] && window[k] === columns.window[0],
  );
  const last = [...columns.device].findLastIndex(
    (each, k) => each === columns.device[0] && columns.window[k] === columns.window[0],
  );
  expect(isRight(row, last)).toBe(true);
  const fields = ["count", "revision", "sum", "min", "max", "digestHi", "digestLo", "faults"];
  for (const name of fields as (keyof typeof columns)[]) {
    const right = columns[name][last]!;
    columns[name][last] = right + 1;
    expect([name, isRight(row, last)]).toEqual([name, false]);
    columns[name][last] = right;
  }
});
