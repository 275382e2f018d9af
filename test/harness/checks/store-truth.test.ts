import { expect, test } from "vitest";
import type { Finding } from "../../../harness/checks/finding.ts";
import { checkStores } from "../../../harness/checks/store-truth.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { factsOf, type History, honestHistory, type Published, type StoredRow } from "./history.ts";

const { published, cassandra: rows } = honestHistory;
const checked = (changes: Partial<History>) =>
  checkStores(factsOf({ ...honestHistory, ...changes }));

const keyOf = ({ aggregate: { device, window } }: StoredRow) =>
  `${device.id}-${new Date(window.start).getTime()}`;
const row = rows[40]!;
const evidence = (of: StoredRow, store: string): Partial<Finding> => ({
  device: of.aggregate.device.id,
  window: of.aggregate.window.start,
  store,
  key: `${of.group}/${keyOf(of)}`,
});

/** A window that was revised, and the row of an earlier revision of it. */
const at = rows.findIndex(({ aggregate: a }) =>
  published.some(({ aggregate: b }) => isEarlier(b, a)),
);
const revised = rows[at]!;
const earlier: StoredRow = {
  ...revised,
  aggregate: published.find(({ aggregate }) => isEarlier(aggregate, revised.aggregate))!.aggregate,
};
function isEarlier(b: Published["aggregate"], a: Published["aggregate"]): boolean {
  return (
    b.device.id === a.device.id && b.window.start === a.window.start && b.revision < a.revision
  );
}

/** The ledger's row of a stored window. */
function ledgerRowOf({ audit, plan }: RunFacts, { aggregate: { device, window } }: StoredRow) {
  const id = Buffer.from(device.id);
  const { columns, length } = audit.windows;
  const known = plan.deviceOf(id, 0, id.length);
  for (let row = 0; row < length; row++) {
    if (columns.device[row] === known && columns.window[row] === window.start) return row;
  }
  return -1;
}
const ledgerRow = (of: StoredRow) => ledgerRowOf(factsOf(honestHistory), of);

test("each due window and each row is looked at in both stores, and the tallies say so", () => {
  const right = { expected: rows.length, found: rows.length, missing: 0, unexpected: 0 };
  const tally = { ...right, wrong: 0, duplicated: 0 };
  const { result, tallies, faulty, lacking } = checked({});
  expect(result).toMatchObject({ clause: "C7", verdict: "PASS", evaluated: 2 * rows.length });
  expect(tallies).toEqual({ elasticsearch: tally, cassandra: tally });
  expect(faulty.size).toBe(0);
  expect([...lacking].map(([store, lacked]) => [store, lacked.size])).toEqual([
    ["elasticsearch", 0],
    ["cassandra", 0],
  ]);
  const more = { elasticsearch: rows.slice(5), cassandra: [...rows, row, row, row] };
  expect(checked(more).result.evaluated).toBe(2 * rows.length + 3);
});

test("planted: a row that is not there is named without a key, and its window is lacking", () => {
  const { result, tallies, faulty, lacking } = checked({ cassandra: rows.toSpliced(40, 1) });
  const { key: _, ...place } = evidence(row, "cassandra");
  expect(result.findings).toEqual([{ class: "lost-write", ...place, found: "no row" }]);
  expect(tallies["cassandra"]).toMatchObject({ missing: 1, unexpected: 0, wrong: 0 });
  expect([...faulty]).toEqual([ledgerRow(row)]);
  expect([...lacking.get("cassandra")!]).toEqual([ledgerRow(row)]);
});

test("planted: a row of a window that is not due is found, wherever it lies in the store", () => {
  for (const place of [0, 40]) {
    const facts = factsOf(honestHistory);
    const ledger = ledgerRowOf(facts, rows[place]!);
    facts.audit.windows.columns.firstDue[ledger] = 0;
    const { result, tallies, faulty, lacking } = checkStores(facts);
    expect(result.findings).toEqual(
      ["elasticsearch", "cassandra"].map((store) => ({
        ...{ class: "wrong-aggregate", ...evidence(rows[place]!, store) },
        found: "a window not due",
      })),
    );
    expect(tallies["cassandra"]).toMatchObject({
      ...{ expected: rows.length - 1, missing: 0, unexpected: 1 },
    });
    expect([...faulty]).toEqual([ledger]);
    expect(lacking.get("cassandra")?.size).toBe(0);
  }
});

test("planted: a window not due that only an aborted transaction held was read by a job", () => {
  const aborted = published.find(({ aggregate }) => aggregate === row.aggregate)!;
  const history = { ...honestHistory, published: published.filter((each) => each !== aborted) };
  const facts = factsOf({ ...history, aborted: [aborted] });
  facts.audit.windows.columns.firstDue[ledgerRowOf(facts, row)] = 0;
  const [finding] = checkStores(facts).result.findings;
  expect(finding).toEqual({
    ...{ class: "aborted-read", ...evidence(row, "elasticsearch") },
    found: `what was aborted at aggregated/${aborted.partition}@1000`,
  });
});

test("planted: an older revision is a window that the store lacks; other wrong values are none", () => {
  const stale = checked({ cassandra: rows.with(at, earlier) });
  expect(stale.result.findings[0]).toMatchObject({
    ...{ class: "stale-final", ...evidence(revised, "cassandra") },
  });
  expect(stale.tallies["cassandra"]).toMatchObject({ wrong: 1, missing: 0 });
  expect([...stale.lacking.get("cassandra")!]).toEqual([ledgerRow(revised)]);
  const bent = { ...row, aggregate: { ...row.aggregate, version: row.aggregate.version + 1 } };
  const wrong = checked({ cassandra: rows.with(40, bent) });
  expect(wrong.tallies["cassandra"]).toMatchObject({ wrong: 1 });
  expect([...wrong.faulty]).toEqual([ledgerRow(row)]);
  expect(wrong.lacking.get("cassandra")?.size).toBe(0);
});

test("planted: a second row is named with the first one, and judged by its values, too", () => {
  const twice = checked({ cassandra: [...rows, row] });
  expect(twice.result.findings).toEqual([
    {
      ...{ class: "duplicate", ...evidence(row, "cassandra") },
      found: `also ${evidence(row, "cassandra").key}`,
    },
  ]);
  const other = checked({ cassandra: [...rows, earlier] });
  expect(other.result.counts).toEqual({ duplicate: 1, "stale-final": 1 });
  expect(other.tallies["cassandra"]).toMatchObject({ duplicated: 1, wrong: 1 });
});

test("planted: of two rows in one index, or in two that are no days, the later one is too many", () => {
  const dotted = (group: string) => group.replaceAll("-", ".");
  const days = rows.map((each) => ({ ...each, group: dotted(each.group) }));
  const same = checked({ elasticsearch: [...days, days[40]!] }).result.findings[0];
  expect(same).toMatchObject({ class: "duplicate", found: `also ${same?.key}` });
  const named = (first: string, second: string) => {
    const pair = [
      { ...row, group: first },
      { ...row, group: second },
    ];
    return checked({ elasticsearch: [...pair, ...rows.toSpliced(40, 1)] }).result.findings[0]?.key;
  };
  const day = dotted(row.group);
  expect(named("t-a", "t-b")).toBe(`t-b/${keyOf(row)}`);
  expect(named(day, `u-${day}`)).toBe(`u-${day}/${keyOf(row)}`);
  expect(named(day, "t-b")).toBe(`t-b/${keyOf(row)}`);
  expect(named("t-a", day)).toBe(`t-a/${keyOf(row)}`);
});

test("planted: a row of no window is named by what stands in it", () => {
  const { aggregate: a } = row;
  const start = a.window.start + 86_400_000 * 40;
  const far = { ...row, aggregate: { ...a, window: { ...a.window, start } } };
  const found = "a row that no accepted reading belongs to";
  expect(checked({ cassandra: [...rows, far] }).result.findings).toEqual([
    { class: "phantom", ...evidence(far, "cassandra"), found },
  ]);
  // Of a device that is the plan's first, without a window, and of none that anybody could read.
  const facts = factsOf({ ...honestHistory, cassandra: [...rows, far, far] });
  const { columns } = facts.stores[1]!.table;
  columns.window[rows.length] = Number.NaN;
  columns.device[rows.length] = 0;
  columns.device[rows.length + 1] = -1;
  const [nowhere, nobody] = checkStores(facts).result.findings;
  expect(nowhere).toMatchObject({ class: "phantom", device: facts.plan.deviceId(0) });
  expect(nowhere).not.toHaveProperty("window");
  expect(nobody).toMatchObject({ class: "phantom", device: "?", window: start });
});

test("planted: a row without a digest is wrong, though its columns hold the right words", () => {
  const facts = factsOf(honestHistory);
  facts.stores[1]!.table.columns.digestOk[40] = 0;
  const [finding] = checkStores(facts).result.findings;
  expect(finding).toMatchObject({ class: "masked", ...evidence(row, "cassandra") });
  expect(finding?.found).toContain("digest none");
});
