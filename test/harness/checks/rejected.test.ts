import { expect, test } from "vitest";
import type { CheckResult } from "../../../harness/checks/check-result.ts";
import { createConservation } from "../../../harness/checks/conservation.ts";
import { createFindingList } from "../../../harness/checks/finding.ts";
import { gatherPublished } from "../../../harness/checks/published.ts";
import { checkRejected } from "../../../harness/checks/rejected.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import { factsOf, type History, honestHistory, honestLog, type Refused } from "./history.ts";

function checkConservation(facts: RunFacts): CheckResult {
  const clause = createConservation(facts);
  clause.take(facts, gatherPublished(facts));
  return clause.result();
}

const { refused } = honestHistory;
const [first] = refused;
const findingsOf = (facts: RunFacts) => {
  const list = createFindingList();
  checkRejected(facts, list);
  return list.findings;
};
const found = (changes: Partial<History>) => findingsOf(factsOf({ ...honestHistory, ...changes }));

/** Where a record of the rejected topic lies, and which raw record it names. */
const place = ({ partition, offset }: Refused, index: number) => ({
  topic: "rejected",
  partition,
  offset: index,
  key: `${partition}/${offset}`,
});
/** A raw record that nobody had to reject. */
const accepted = honestLog[0]!.findIndex(
  (_, offset) => !refused.some((each) => each.partition === 0 && each.offset === offset),
);
const extra = { partition: 0, offset: accepted, record: honestLog[0]![accepted]! };
const end = refused.length;

test("planted: what needed no rejection is late or future without right, or of no known reason", () => {
  const added = (reason: string) => found({ refused: [...refused, { ...extra, reason }] });
  const kinds = { late: "illegal-late", future: "illegal-late", span: "phantom" } as const;
  for (const [reason, kind] of Object.entries(kinds)) {
    expect(added(reason)).toEqual([
      {
        ...{ class: kind, ...place({ ...extra, reason }, end) },
        ...{ expected: "not rejected", found: reason },
      },
    ]);
  }
  expect(added("whatever")[0]).toMatchObject({ class: "phantom", found: "no reason" });
});

test("planted: what was rejected twice is named at its second place", () => {
  expect(found({ refused: [...refused, first!] })).toEqual([
    { class: "duplicate", ...place(first!, end), found: "rejected twice" },
  ]);
});

test("planted: another reason, and either half of other bytes, are told apart", () => {
  const other = first!.reason === "span" ? "late" : "span";
  const expected = first!.reason;
  expect(found({ refused: refused.with(0, { ...first!, reason: other }) })).toEqual([
    { class: "corrupt", ...place(first!, 0), expected, found: other },
  ]);
  for (const half of ["bytesHi", "bytesLo"] as const) {
    const facts = factsOf(honestHistory);
    facts.topics.rejectedTopic.columns[half][0]! ^= 1;
    expect(findingsOf(facts)).toEqual([
      {
        ...{ class: "corrupt", ...place(first!, 0), expected },
        found: `${expected}, with other bytes than the raw record`,
      },
    ]);
  }
});

test("planted: what is nowhere is dropped in silence; not so where the topic was not read to its end", () => {
  const { partition, offset, reason } = first!;
  const said = {
    ...{ topic: "raw", partition, offset },
    ...{ expected: `rejected as ${reason}`, found: "not in the rejected topic" },
  };
  const bent = { refused: refused.slice(1) };
  expect(found(bent)).toEqual([{ class: "silent-drop", ...said }]);
  expect(found({ ...bent, topicsReachedEnd: false })).toEqual([{ class: "unseen", ...said }]);
});

test("each raw record is looked at; a sum that is off echoes by its side", () => {
  const records = honestLog[0]!.length + honestLog[1]!.length;
  const check = (changes: Partial<History>) =>
    checkConservation(factsOf({ ...honestHistory, ...changes }));
  expect(check({})).toMatchObject({ clause: "C5", verdict: "PASS", evaluated: records, echoes: 0 });
  const { published } = honestHistory;
  const one = published.findIndex(({ partition }) => partition === 1);
  const { partition, aggregate } = published[one]!;
  const lacking = { published: published.toSpliced(one, 1) };
  expect(check(lacking)).toMatchObject({ counts: { "silent-drop": 1 }, echoes: 1, findings: [] });
  const unread = { ...lacking, topicsReachedEnd: false };
  expect(check(unread)).toMatchObject({ counts: { unseen: 1 }, echoes: 1 });
  const more = { partition, aggregate: { ...aggregate, count: aggregate.count + 1 } };
  expect(check({ published: published.with(one, more) })).toMatchObject({
    ...{ counts: { "wrong-aggregate": 1 }, echoes: 1 },
  });
  // The last revision counts, whatever was published before it.
  expect(check({ published: published.toSpliced(one, 0, more) }).counts).toEqual({});
});

test("what was published of a window that is not due is no part of the sum", () => {
  const facts = factsOf(honestHistory);
  const { columns, length } = facts.audit.windows;
  for (let row = 0; row < length; row++) columns.firstDue[row] = 0;
  expect(checkConservation(facts).counts).toEqual({});
});
