import fc from "fast-check";
import { expect, test } from "vitest";
import type { AnomalyClass } from "../../../harness/checks/finding.ts";
import { judge } from "../../../harness/checks/judge.ts";
import type { Aggregate } from "../../../pipeline/contract/aggregate.ts";
import { factsOf, type History, honestHistory, type Published, type StoredRow } from "./history.ts";

const { published, refused, cassandra: rows } = honestHistory;
const keyOf = ({ device, window }: Aggregate): string => `${device.id}/${window.start}`;
/** Of every window its last revision: an earlier one may be left out. */
const lasts = [...new Map(published.map((each) => [keyOf(each.aggregate), each])).values()];

type Fault = (nth: number) => { readonly kind: AnomalyClass; readonly changes: Partial<History> };

const pick = <T>(all: readonly T[], nth: number): T => all[nth % all.length]!;

const stores = ["elasticsearch", "cassandra"] as const;
function storeFaults(store: (typeof stores)[number]): readonly Fault[] {
  const change = (kind: AnomalyClass, bend: (row: StoredRow) => readonly StoredRow[]): Fault => {
    return (nth) => {
      const at = nth % rows.length;
      return { kind, changes: { [store]: rows.toSpliced(at, 1, ...bend(rows[at]!)) } };
    };
  };
  const bent = (row: StoredRow, sum: number): StoredRow => {
    const temperature = { ...row.aggregate.temperature, sum: row.aggregate.temperature.sum + sum };
    return { ...row, aggregate: { ...row.aggregate, temperature } };
  };
  return [
    change("lost-write", () => []),
    change("corrupt", (row) => [bent(row, 1)]),
    change("duplicate", (row) => [row, row]),
    change("split-key", (row) => [row, { ...row, group: "t-2026-02-02" }]),
  ];
}

function topicFault(kind: AnomalyClass, bend: (last: Published) => readonly Published[]): Fault {
  return (nth) => {
    const last = pick(lasts, nth);
    const others = published.filter((each) => each !== last);
    return { kind, changes: { published: [...others, ...bend(last)] } };
  };
}

function oneMore({ partition, aggregate: a }: Published): Published {
  const count = a.count + 1;
  const version = a.window.end * 1000 + count;
  const sum = a.temperature.sum + 2_000;
  const temperature = { ...a.temperature, sum, mean: sum / count / 100 };
  return { partition, aggregate: { ...a, count, revision: count, version, temperature } };
}

const faults: readonly Fault[] = [
  ...stores.flatMap(storeFaults),
  topicFault("duplicate", (last) => [last, last]),
  topicFault("wrong-aggregate", (last) => [last, oneMore(last)]),
  topicFault("corrupt", (last) => [last, { ...oneMore(last), aggregate: lying(last.aggregate) }]),
  (nth) => ({
    kind: "silent-drop",
    changes: { refused: refused.toSpliced(nth % refused.length, 1) },
  }),
  (nth) => ({ kind: "duplicate", changes: { refused: [...refused, pick(refused, nth)] } }),
];

/** A further revision that gives itself the lie. */
function lying(aggregate: Aggregate): Aggregate {
  return { ...aggregate, revision: aggregate.revision + 1, version: 1 };
}

test("one fault, wherever it is planted, is one finding of its class, and the verdict FAIL", () => {
  fc.assert(
    fc.property(fc.constantFrom(...faults), fc.nat(), (fault, nth) => {
      const { kind, changes } = fault(nth);
      const judgement = judge(factsOf({ ...honestHistory, ...changes }));
      expect(judgement.verdict).toBe("FAIL");
      expect(judgement.findings.map((finding) => finding.class)).toEqual([kind]);
      expect(judgement.canary).toEqual({ planted: 9, caught: 9 });
      const told = judgement.results.flatMap(({ counts }) => Object.values(counts));
      const echoes = judgement.results.reduce((sum, result) => sum + result.echoes, 0);
      expect(told.reduce((sum, count) => sum + count, 0) - echoes).toBe(1);
    }),
    { numRuns: 40 },
  );
});

test("two faults in different places are two findings, however near they are", () => {
  const pairs = fc.tuple(fc.nat(rows.length - 1), fc.nat(rows.length - 1));
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const elasticsearch = rows.toSpliced(a, 1);
      const cassandra = rows.toSpliced(b, 1);
      const judgement = judge(factsOf({ ...honestHistory, elasticsearch, cassandra }));
      const found = judgement.findings.map(({ store, device, window }) => [store, device, window]);
      const place = ({ aggregate }: StoredRow) => [aggregate.device.id, aggregate.window.start];
      expect(found).toEqual([
        ["elasticsearch", ...place(rows[a]!)],
        ["cassandra", ...place(rows[b]!)],
      ]);
    }),
    { numRuns: 20 },
  );
});
