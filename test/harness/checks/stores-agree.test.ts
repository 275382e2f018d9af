import { expect, test } from "vitest";
import type { CheckResult } from "../../../harness/checks/check-result.ts";
import { gatherStores } from "../../../harness/checks/store-keys.ts";
import { createStoresAgree } from "../../../harness/checks/stores-agree.ts";
import { createWindowIndex } from "../../../harness/checks/window-index.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { factsOf, type History, honestHistory } from "./history.ts";

const { cassandra: rows } = honestHistory;
const nobody: ReadonlySet<number> = new Set();
const factsWith = (changes: Partial<History> = {}) => factsOf({ ...honestHistory, ...changes });

function checkStoresAgree(facts: RunFacts, faulty: ReadonlySet<number>): CheckResult | undefined {
  const clause = createStoresAgree();
  const index = createWindowIndex(facts);
  clause.take(facts, index, gatherStores(facts, index), faulty);
  return clause.result();
}

const agree = (facts: RunFacts) => checkStoresAgree(facts, nobody)!;
const place = (at: number) => ({
  device: rows[at]!.aggregate.device.id,
  window: rows[at]!.aggregate.window.start,
});

test("each window that a store has is looked at once; fewer than two stores have nothing to agree on", () => {
  expect(agree(factsWith())).toMatchObject({
    clause: "C8",
    verdict: "PASS",
    evaluated: rows.length,
  });
  const less = { elasticsearch: rows.slice(2), cassandra: rows.slice(1) };
  expect(agree(factsWith(less)).evaluated).toBe(rows.length - 1);
  const facts = factsWith();
  expect(checkStoresAgree({ ...facts, stores: facts.stores.slice(0, 1) }, nobody)).toBeUndefined();
  expect(checkStoresAgree({ ...facts, stores: [] }, nobody)).toBeUndefined();
});

test("planted: the store without the row is named, whichever it is and wherever the row lies", () => {
  for (const at of [0, 40]) {
    const without = rows.toSpliced(at, 1);
    expect(agree(factsWith({ elasticsearch: without })).findings).toEqual([
      {
        ...{ class: "lost-write", ...place(at), store: "elasticsearch" },
        found: "no row, though cassandra has one",
      },
    ]);
    expect(agree(factsWith({ cassandra: without })).findings).toEqual([
      {
        ...{ class: "lost-write", ...place(at), store: "cassandra" },
        found: "no row, though elasticsearch has one",
      },
    ]);
  }
});

test("planted: of two counts the lower one is behind, whichever store has it", () => {
  const count = rows[40]!.aggregate.count;
  for (const [nth, store] of ["elasticsearch", "cassandra"].entries()) {
    const facts = factsWith();
    facts.stores[nth]!.table.columns.count[40]! -= 1;
    const counts = [count, count].map((each, of) => (of === nth ? each - 1 : each));
    expect(agree(facts).findings).toEqual([
      {
        ...{ class: "stale-final", ...place(40), store },
        found: `count ${counts[0]} in elasticsearch, ${counts[1]} in cassandra`,
      },
    ]);
  }
});

test("planted: any one field in which the stores differ is a finding", () => {
  const fields = ["sum", "digestHi", "digestLo", "digestOk", "min", "max", "mean"] as const;
  for (const field of [...fields, "revision", "version"] as const) {
    const facts = factsWith();
    facts.stores[1]!.table.columns[field][40]! -= 1;
    expect(agree(facts).counts).toEqual({ corrupt: 1 });
  }
});

test("near miss: a field that only one of the stores has", () => {
  const facts = factsWith();
  const [first, second] = facts.stores;
  second!.table.columns.mean.fill(Number.NaN);
  const columns = second!.columns.filter((name) => name !== "mean");
  expect(agree({ ...facts, stores: [first!, { ...second!, columns }] }).verdict).toBe("PASS");
  expect(agree({ ...facts, stores: [{ ...second!, columns }, first!] }).verdict).toBe("PASS");
});

test("a row that C7 names already is an echo", () => {
  const facts = factsWith({ cassandra: rows.slice(1) });
  const all = new Set(Array.from({ length: facts.audit.windows.length }, (_, row) => row));
  const result = checkStoresAgree(facts, all);
  expect(result).toMatchObject({ verdict: "FAIL", findings: [], echoes: 1 });
});
