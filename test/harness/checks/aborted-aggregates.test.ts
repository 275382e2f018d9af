import { expect, test } from "vitest";
import { checkStores } from "../../../harness/checks/store-truth.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { factsOf, type History, honestHistory, type Published, plan } from "./history.ts";

const { published, cassandra: rows } = honestHistory;
const classes = (facts: RunFacts) =>
  checkStores(facts).result.findings.map((finding) => finding.class);
const factsWith = (changes: Partial<History>) => factsOf({ ...honestHistory, ...changes });

/** One of the plan's first device, which the pipeline then took back, with one member more. */
const at = rows.findIndex(({ aggregate }) => aggregate.device.id === plan.deviceId(0));
const { aggregate: right, group } = rows[at]!;
const more = {
  ...right,
  ...{ count: right.count + 1, revision: right.revision + 1, digest: "00000000000000ff" },
};
const aborted: readonly Published[] = [{ partition: 0, aggregate: more }];
const stored = (aggregate: Published["aggregate"]) => ({
  cassandra: rows.with(at, { aggregate, group }),
});

test("planted: a row that only an aborted transaction ever held, of the plan's first device", () => {
  expect(classes(factsWith({ aborted, ...stored(more) }))).toEqual(["aborted-read"]);
  expect(classes(factsWith(stored(more)))).toEqual(["wrong-aggregate"]);
});

test("near miss: what was committed after all, however it was taken back before", () => {
  const again = [...published, { partition: 0, aggregate: more }];
  expect(classes(factsWith({ aborted, published: again, ...stored(more) }))).toEqual([
    "wrong-aggregate",
  ]);
  // Another window of the device, with the same members, was committed: that is not this one.
  const { start, end } = right.window;
  const window = { ...right.window, start: start + 60_000, end: end + 60_000 };
  const elsewhere = [...published, { partition: 0, aggregate: { ...more, window } }];
  expect(classes(factsWith({ aborted, published: elsewhere, ...stored(more) }))).toEqual([
    "aborted-read",
  ]);
});

test("near miss: a wrong row that differs from the aborted one in any of its numbers", () => {
  const { temperature } = more;
  const others = [
    { ...more, count: more.count + 1 },
    { ...more, temperature: { ...temperature, sum: temperature.sum + 1 } },
    { ...more, digest: "00000000000000fe" },
    { ...more, digest: "00000001000000ff" },
  ];
  for (const other of others) {
    expect(classes(factsWith({ aborted, ...stored(other) }))).toEqual(["wrong-aggregate"]);
  }
  const { start, end } = right.window;
  const window = { ...right.window, start: start + 60_000, end: end + 60_000 };
  const elsewhere = [{ partition: 0, aggregate: { ...more, window } }];
  expect(classes(factsWith({ aborted: elsewhere, ...stored(more) }))).toEqual(["wrong-aggregate"]);
});

test("near miss: a row of a device that nobody could read, and facts that know no transactions", () => {
  const facts = factsWith({ aborted, cassandra: [...rows, { aggregate: more, group }] });
  facts.stores[1]!.table.columns.device[rows.length] = -1;
  expect(classes(facts)).toEqual(["phantom"]);
  const { transactions: _, ...topics } = factsWith(stored(more)).topics;
  expect(classes({ ...factsWith(stored(more)), topics })).toEqual(["wrong-aggregate"]);
});
