import { expect, test } from "vitest";
import type { Finding } from "../../../harness/checks/finding.ts";
import { type Judgement, judge } from "../../../harness/checks/judge.ts";
import {
  contributionHi,
  contributionLo,
  deviceHash,
} from "../../../harness/expected/contributor.ts";
import { digestText, parseDigest } from "../../../harness/facts/digest-text.ts";
import type { Aggregate } from "../../../pipeline/contract/aggregate.ts";
import { factsOf, type History, honestHistory, type Published, plan } from "./history.ts";

const { published, refused } = honestHistory;
const judged = (changes: Partial<History>): Judgement =>
  judge(factsOf({ ...honestHistory, ...changes }));
const clause = (judgement: Judgement, name: string) =>
  judgement.results.find((result) => result.clause === name)!;

/** Windows that were published once, in the middle of the run. */
const once = published.filter(
  ({ aggregate: a }) =>
    published.filter((other) => keyOf(other.aggregate) === keyOf(a)).length === 1 && a.count > 4,
);
const one = once[100]!;
/** A window that was revised: its two last revisions. */
const twice = published.find(({ aggregate: a }) => {
  const all = published.filter((other) => keyOf(other.aggregate) === keyOf(a));
  return all.length === 2 && all[0]!.aggregate.revision === a.revision;
})!;

function keyOf(a: Aggregate): string {
  return `${a.device.id}/${a.window.start}`;
}

function replaced(old: Published, ...by: readonly Aggregate[]): readonly Published[] {
  const records = by.map((aggregate) => ({ partition: old.partition, aggregate }));
  return published.toSpliced(published.indexOf(old), 1, ...records);
}

const place = ({ device, window }: Aggregate): Partial<Finding> => ({
  device: device.id,
  window: window.start,
});

/** The aggregate with one member more (+1) or less (-1), as a pipeline would publish it. */
function withMember(a: Aggregate, seq: number, sign: 1 | -1, countToo = true): Aggregate {
  const base = deviceHash(Buffer.from(a.device.id), [0, 0]);
  const words = parseDigest(a.digest)!;
  const hi = words.hi + sign * contributionHi(base.hi, 0, seq);
  const lo = words.lo + sign * contributionLo(base.lo, 0, seq);
  const count = a.count + (countToo ? sign : 0);
  return { ...consistent({ ...a, count, revision: count }), digest: digestText(hi, lo) };
}

/** With the fields that follow from the others. */
function consistent(a: Aggregate): Aggregate {
  const mean = a.temperature.sum / a.count / 100;
  const version = a.window.end * 1000 + a.revision;
  return { ...a, temperature: { ...a.temperature, mean }, version };
}

const seqsOf = (a: Aggregate): number[] => {
  const id = Buffer.from(a.device.id);
  const device = plan.deviceOf(id, 0, id.length);
  const { first, end } = plan.indexesIn(device, a.window.start, a.window.end);
  return Array.from({ length: end - first }, (_, k) => first + k);
};

test("lost-write: a window that is due was never published", () => {
  const judgement = judged({ published: replaced(one) });
  expect(clause(judgement, "C6").findings).toEqual([
    expect.objectContaining({ class: "lost-write", ...place(one.aggregate) }),
  ]);
  expect(clause(judgement, "C5").counts).toEqual({ "silent-drop": 1 });
});

test("unseen: the same, while the topic was not read to its end", () => {
  const judgement = judged({ published: replaced(one), topicsReachedEnd: false });
  expect(clause(judgement, "C6")).toMatchObject({ verdict: "UNKNOWN", counts: { unseen: 1 } });
  expect(judgement.verdict).toBe("UNKNOWN");
});

test("wrong-aggregate: a reading was dropped, and it is named", () => {
  const seq = seqsOf(one.aggregate)[2]!;
  const judgement = judged({ published: replaced(one, withMember(one.aggregate, seq, -1)) });
  expect(clause(judgement, "C6").findings).toEqual([
    expect.objectContaining({ class: "wrong-aggregate", ...place(one.aggregate), boot: 0, seq }),
  ]);
  expect(clause(judgement, "C5").counts).toEqual({ "silent-drop": 1 });
});

test("wrong-aggregate: a reading was folded twice, or one of the next window was folded", () => {
  const seqs = seqsOf(one.aggregate);
  for (const seq of [seqs[1]!, seqs.at(-1)! + 1]) {
    const judgement = judged({ published: replaced(one, withMember(one.aggregate, seq, 1)) });
    expect(clause(judgement, "C6").findings).toEqual([
      expect.objectContaining({ class: "wrong-aggregate", ...place(one.aggregate), boot: 0, seq }),
    ]);
  }
});

test("masked: one dropped and one folded twice, with the count right, are both named", () => {
  const [first, second] = seqsOf(one.aggregate);
  const holed = withMember(one.aggregate, first!, -1, false);
  const judgement = judged({ published: replaced(one, withMember(holed, second!, 1, false)) });
  const found = expect.stringContaining(
    `without seq ${first}, with seq ${second} once too often`,
  ) as string;
  expect(clause(judgement, "C6").findings).toEqual([
    expect.objectContaining({ class: "masked", ...place(one.aggregate), seq: first, found }),
  ]);
  expect(clause(judgement, "C5").verdict).toBe("PASS");
});

test("corrupt: the right members with the values of another device", () => {
  const temperature = { ...one.aggregate.temperature, sum: one.aggregate.temperature.sum + 300 };
  const swapped = consistent({ ...one.aggregate, temperature });
  const judgement = judged({ published: replaced(one, swapped) });
  expect(clause(judgement, "C6").counts).toEqual({ corrupt: 1 });
});

test("wrong-aggregate: a minimum that was rounded on its way", () => {
  const { temperature } = one.aggregate;
  const rounded = { ...temperature, min: temperature.min + 1e-12 };
  const judgement = judged({
    published: replaced(one, { ...one.aggregate, temperature: rounded }),
  });
  expect(clause(judgement, "C6").counts).toEqual({ "wrong-aggregate": 1 });
});

test("corrupt: mean, version, day, end, names, digest or key that the record itself gives the lie", () => {
  const { aggregate: a } = one;
  const wrong: readonly Aggregate[] = [
    { ...a, temperature: { ...a.temperature, mean: a.temperature.mean + 0.01 } },
    { ...a, version: a.version + 1 },
    { ...a, window: { ...a.window, day: "2026-01-16" } },
    { ...a, window: { ...a.window, end: a.window.end + 1 }, version: a.version + 1000 },
    { ...a, device: { ...a.device, home: "h-elsewhere" } },
    { ...a, digest: a.digest.toUpperCase() },
    consistent({ ...a, revision: a.revision + 1 }),
  ];
  for (const aggregate of wrong) {
    const judgement = judged({ published: replaced(one, aggregate) });
    expect(clause(judgement, "C6").counts.corrupt).toBe(1);
    expect(clause(judgement, "C6").findings[0]).toMatchObject(place(a));
  }
});

test("stale-final: the last revision is not all of the readings", () => {
  const all = published.filter((other) => keyOf(other.aggregate) === keyOf(twice.aggregate));
  const judgement = judged({ published: published.filter((record) => record !== all[1]) });
  expect(clause(judgement, "C6").findings).toEqual([
    expect.objectContaining({ class: "stale-final", ...place(twice.aggregate) }),
  ]);
});

test("stale-final: a lower revision after a higher one", () => {
  const last = published.findLast(({ aggregate: a }) => keyOf(a) === keyOf(twice.aggregate))!;
  const atTheEnd = judged({ published: [...published, twice] });
  expect(clause(atTheEnd, "C6").counts).toEqual({ "stale-final": 2 });
  const between = judged({ published: [...published, twice, last] });
  expect(clause(between, "C6").counts).toEqual({ "stale-final": 1 });
});

test("near miss: revisions that fall into one commit may be left out, but for the last", () => {
  const judgement = judged({ published: published.filter((record) => record !== twice) });
  expect(judgement.verdict).toBe("PASS");
});

test("duplicate: a revision that was published twice", () => {
  const judgement = judged({ published: [...published, one] });
  expect(clause(judgement, "C2").findings).toEqual([
    expect.objectContaining({ class: "duplicate", ...place(one.aggregate), topic: "aggregated" }),
  ]);
  expect(clause(judgement, "C6").verdict).toBe("PASS");
});

test("each record of the topic is named once, and a sum that is off because of it is not named again", () => {
  const { aggregate: a } = one;
  const temperature = { ...a.temperature, sum: a.temperature.sum + 700 };
  const more = { ...a, count: a.count + 1, revision: a.revision + 1, temperature };
  const cases = [
    { aggregate: consistent(more), kind: "wrong-aggregate" },
    { aggregate: { ...more, version: 1 }, kind: "corrupt" },
    { aggregate: { ...a, temperature }, kind: "duplicate" },
  ];
  for (const { aggregate, kind } of cases) {
    const extra = { partition: one.partition, aggregate };
    const judgement = judged({ published: [...published, extra] });
    expect(judgement.verdict).toBe("FAIL");
    expect(judgement.findings).toEqual([
      expect.objectContaining({ class: kind, ...place(a), topic: "aggregated" }),
    ]);
  }
});

test("phantom: a window that no reading belongs to, and a device that nobody has", () => {
  const { aggregate: a } = one;
  const far = { ...a.window, start: a.window.start + 86_400_000, end: a.window.end + 86_400_000 };
  const elsewhere = { ...a, window: { ...far, day: "2026-01-16" } };
  const stranger = { ...a, device: { ...a.device, id: "stranger" } };
  for (const aggregate of [elsewhere, stranger]) {
    const more = [...published, { partition: one.partition, aggregate: consistent(aggregate) }];
    const judgement = judged({ published: more });
    expect(clause(judgement, "C3").findings).toEqual([
      expect.objectContaining({ class: "phantom", device: aggregate.device.id }),
    ]);
  }
});

test("wrong-aggregate: a window that was published before it was due", () => {
  const facts = factsOf(honestHistory);
  const { firstDue } = facts.audit.windows.columns;
  const row = firstDue.subarray(0, facts.audit.windows.length).findIndex((first) => first > 0);
  firstDue[row] = 0;
  expect(clause(judge(facts), "C6").counts["wrong-aggregate"]).toBeGreaterThan(0);
});

test("silent-drop: a reading that must be rejected is nowhere", () => {
  const gone = refused[7]!;
  const judgement = judged({ refused: refused.toSpliced(7, 1) });
  const { partition, offset } = gone;
  expect(clause(judgement, "C5").findings).toEqual([
    expect.objectContaining({ class: "silent-drop", topic: "raw", partition, offset }),
  ]);
});

test("duplicate, corrupt, illegal-late, phantom: what else can be wrong with the rejected topic", () => {
  const [first] = refused;
  const other = { ...first!, record: { ...first!.record, key: Buffer.from("other") } };
  const taken = new Set(refused.filter((r) => r.partition === 0).map((r) => r.offset));
  const free = honestHistory.log[0]!.findIndex((_, offset) => !taken.has(offset));
  const extra = { partition: 0, offset: free, record: honestHistory.log[0]![free]! };
  const cases: readonly [string, History["refused"]][] = [
    ["duplicate", [...refused, first!]],
    ["corrupt", refused.with(0, other)],
    ["corrupt", refused.with(0, { ...first!, reason: "span" })],
    ["illegal-late", [...refused, { ...extra, reason: "late" }]],
    ["phantom", [...refused, { ...extra, reason: "malformed" }]],
  ];
  for (const [kind, bent] of cases) {
    const judgement = judged({ refused: bent });
    expect(clause(judgement, "C5").counts).toEqual({ [kind]: 1 });
    expect(judgement.verdict).toBe("FAIL");
  }
});
