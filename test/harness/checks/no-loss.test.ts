import { expect, test } from "vitest";
import { checkNoLoss } from "../../../harness/checks/no-loss.ts";
import type { AckRange, Outcome } from "../../../harness/facts/ack-ranges.ts";
import type { AuditFacts } from "../../../harness/facts/audit-facts.ts";
import { factsOf, type History, honestHistory, honestLog, plan } from "./history.ts";

const log = honestLog[0]!;
const end = log.length;

/** What became of the sends of partition 0, from `from` on; before it all were acknowledged. */
function acksFrom(from: number, ...outcomes: readonly Outcome[]): readonly AckRange[] {
  const own = outcomes.map((outcome, nth) => ({
    partition: 0,
    from: from + nth,
    to: from + nth + 1,
    outcome,
  }));
  return [
    { partition: 0, from: 0, to: from, outcome: "acked" },
    ...own,
    honestHistory.acks[1]!,
  ] as const;
}

/** C1 of a log whose first partition lacks its last `lacking` sends. */
function shortBy(lacking: number, changes: Partial<History> = {}) {
  const short = [log.slice(0, end - lacking), honestLog[1]!];
  return checkNoLoss(factsOf({ ...honestHistory, log: short, ...changes }));
}

const idOf = (position: number) => {
  const { device, index } = log[position]!;
  return { device: plan.deviceId(device), ...plan.readingId(device, index) };
};

test("each acknowledged send is looked at, and where none is missing nothing is said", () => {
  const sends = honestLog[0]!.length + honestLog[1]!.length;
  expect(checkNoLoss(factsOf(honestHistory))).toEqual({
    ...{ clause: "C1", verdict: "PASS", evaluated: sends },
    ...{ findings: [], violations: [], counts: {}, echoes: 0 },
  });
});

test("planted: a send that is missing in the middle is named whole", () => {
  const facts = factsOf({ ...honestHistory, log: [log.toSpliced(300, 1), honestLog[1]!] });
  expect(checkNoLoss(facts).findings).toEqual([
    {
      ...{ class: "lost-write", ...idOf(300), topic: "raw", partition: 0 },
      found: "acknowledged, not in the log",
    },
  ]);
});

test("planted: of a missing end those that were acknowledged are lost, and no others", () => {
  const acks = acksFrom(end - 5, "acked", "unknown", "acked", "failed", "unknown");
  const { findings, counts } = shortBy(5, { acks });
  expect(counts).toEqual({ "lost-write": 2 });
  expect(findings).toEqual(
    [end - 5, end - 3].map((position) => ({
      ...{ class: "lost-write", ...idOf(position), topic: "raw", partition: 0 },
      found: "acknowledged, log ends before",
    })),
  );
});

test("planted: what was acknowledged before the end that is missing takes nothing off it", () => {
  const acks = acksFrom(end - 9, "acked", "unknown", "acked", "unknown", "acked", "acked");
  const { counts, findings } = shortBy(5, { acks });
  expect(counts).toEqual({ "lost-write": 2 });
  expect(findings.map(({ seq }) => seq)).toEqual([idOf(end - 5).seq, idOf(end - 4).seq]);
});

test("near miss: an end of which nothing was acknowledged may be missing", () => {
  const acks = acksFrom(end - 3, "unknown", "failed", "unknown");
  expect(shortBy(3, { acks })).toMatchObject({ verdict: "PASS", counts: {} });
});

test("sends that are missing past the plan's end are counted, though nobody can name them", () => {
  const acks = acksFrom(end, "acked", "acked");
  const { counts, findings } = shortBy(1, { acks });
  expect(counts).toEqual({ "lost-write": 3 });
  expect(findings.map(({ seq }) => seq)).toEqual([idOf(end - 1).seq, undefined, undefined]);
});

/** Facts whose audit could not remember all that one partition lacks. */
function overflowing(history: History) {
  const facts = factsOf(history);
  const partitions = facts.audit.partitions.map((each, p) => ({ ...each, overflowed: p === 1 }));
  return { ...facts, audit: { ...facts.audit, partitions } satisfies AuditFacts };
}

test("what memory could not hold in one partition leaves C1 undecided; what it held is still lost", () => {
  expect(checkNoLoss(overflowing(honestHistory)).verdict).toBe("UNKNOWN");
  const lossy = { ...honestHistory, log: [log.toSpliced(300, 1), honestLog[1]!] };
  expect(checkNoLoss(overflowing(lossy)).verdict).toBe("FAIL");
});
