import fc from "fast-check";
import { expect, test } from "vitest";
import { type Judgement, judge } from "../../../harness/checks/judge.ts";
import type { Outcome } from "../../../harness/facts/ack-ranges.ts";
import { emptyRawReading } from "../../../pipeline/contract/reading.ts";
import { writeReadingAvro } from "../../../pipeline/contract/reading-avro.ts";
import { emptyPlannedReading, fates, type PlannedReading } from "../../../simulator/plan.ts";
import type { RawRecord } from "../expected/brute-force.ts";
import {
  aggregateHonestly,
  factsOf,
  type History,
  honestHistory,
  honestLog,
  loadEnd,
  options,
  plan,
  type SentRecord,
  sendsOf,
  storeHonestly,
} from "./history.ts";

/** A pipeline that is honest about this log, whatever the log is. */
function historyOf(first: readonly RawRecord[], changes: Partial<History> = {}): History {
  const log = [first, honestLog[1]!];
  const honest = aggregateHonestly(log);
  const rows = storeHonestly(honest.published);
  return { ...honestHistory, log, ...honest, elasticsearch: rows, cassandra: rows, ...changes };
}

const judged = (first: readonly RawRecord[], changes: Partial<History> = {}): Judgement =>
  judge(factsOf(historyOf(first, changes)));

function acksWith(from: number, to: number, outcome: Outcome): Partial<History> {
  const end = honestLog[0]!.length;
  const range = (a: number, b: number, what: Outcome) => ({
    partition: 0,
    from: a,
    to: b,
    outcome: what,
  });
  const own = [range(0, from, "acked"), range(from, to, outcome), range(to, end, "acked")];
  return { acks: [...own, honestHistory.acks[1]!] };
}

const log = honestLog[0]!;
/** Far from both ends, on time, accepted, and sent once. */
const plain = (start: number): number =>
  start + log.slice(start).findIndex((send) => isPlain(send));
const isPlain = ({ fate, device, index }: SentRecord): boolean =>
  fates[fate] === "on-time" &&
  log.filter((other) => other.device === device && other.index === index).length === 1;
const p = plain(300);
const idOf = ({ device, index }: SentRecord) => ({ device: plan.deviceId(device), seq: index });
function madeUp(id: string, boot: number, seq: number): RawRecord {
  const key = Buffer.from(id);
  const at = options.startAt + 5 * options.everyMs;
  const reading = { ...emptyRawReading(), idBytes: key, idEnd: key.length, boot, seq, at };
  const bytes = new Uint8Array(400);
  return { key, value: bytes.slice(0, writeReadingAvro(bytes, 0, reading)) };
}
const classesOf = (judgement: Judgement): string[] =>
  [...new Set(judgement.findings.map((finding) => finding.class))].sort();

test("a run without fault passes every clause, and the canary is caught", () => {
  const judgement = judge(factsOf(honestHistory));
  expect(judgement.verdict).toBe("PASS");
  expect(judgement.results.map(({ clause, verdict }) => `${clause} ${verdict}`)).toEqual(
    ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C12"].map((clause) => `${clause} PASS`),
  );
  expect(judgement.canary).toEqual({ planted: 9, caught: 9 });
  expect(judgement.findings).toEqual([]);
});

test("lost-write: an acknowledged send that the log lacks is named", () => {
  const judgement = judged(log.toSpliced(p, 1));
  expect(judgement.verdict).toBe("FAIL");
  expect(judgement.findings).toEqual([
    expect.objectContaining({ class: "lost-write", ...idOf(log[p]!), topic: "raw", partition: 0 }),
  ]);
});

test("removing any one acknowledged send turns PASS into FAIL with exactly that id", () => {
  fc.assert(
    fc.property(fc.nat(log.length - 1), (position) => {
      const judgement = judged(log.toSpliced(position, 1));
      expect(judgement.verdict).toBe("FAIL");
      expect(judgement.results[0]!.findings).toEqual([
        expect.objectContaining({ class: "lost-write", ...idOf(log[position]!) }),
      ]);
    }),
    { numRuns: 15 },
  );
});

test("lost-write: a whole stretch, and one at the end of the log, are counted in full", () => {
  const middle = judged(log.toSpliced(p, 100));
  expect(middle.results[0]!.counts).toEqual({ "lost-write": 100 });
  expect(middle.results[0]!.findings).toHaveLength(32);
  const tail = judged(log.slice(0, -4));
  expect(tail.results[0]!.counts).toEqual({ "lost-write": 4 });
  expect(tail.results[0]!.findings.map(({ seq }) => seq)).toEqual(
    log.slice(-4).map(({ index }) => index),
  );
});

function planned({ device, index }: SentRecord): PlannedReading {
  const reading = emptyPlannedReading();
  plan.fill(device, index, reading);
  return reading;
}

/** Positions of the two copies of a reading with others between. */
function twins(): readonly [number, number] {
  const first = log.findIndex(
    ({ device, index, fate }, at) =>
      at > 300 &&
      fates[fate] === "on-time" &&
      log.findIndex(
        (other, later) => later > at + 4 && other.device === device && other.index === index,
      ) > 0,
  );
  const { device, index } = log[first]!;
  const isTwin = (other: SentRecord, at: number) =>
    at > first && other.device === device && other.index === index;
  return [first, log.findIndex(isTwin)];
}

test("near miss: behind a gap of unknown sends comes the second copy of one of them: nothing is lost", () => {
  const [first, second] = twins();
  const gap = acksWith(first, second, "unknown");
  expect(judged(log.toSpliced(first, second - first), gap).findings).toEqual([]);
  expect(judged(log.toSpliced(first, second - first), gap).verdict).toBe("PASS");
});

test("near miss: between the gap and the second copy come a few others: nothing is out of order", () => {
  const [first, second] = twins();
  for (const [before, between] of [
    [0, 1],
    [0, 2],
    [1, 1],
    [2, 1],
    [2, 2],
    [3, 3],
  ] as const) {
    const [from, to] = [first - before, second - between];
    const judgement = judged(log.toSpliced(from, to - from), acksWith(from, to, "unknown"));
    expect(judgement.findings).toEqual([]);
    expect(judgement.verdict).toBe("PASS");
  }
});

test("reorder: the first copy that comes behind its neighbours is named, with or without the second", () => {
  const [first, second] = twins();
  const late = log.toSpliced(first, 1).toSpliced(first + 2, 0, log[first]!);
  const gap = late.toSpliced(second, 1);
  for (const moved of [late, gap]) expect(classesOf(judged(moved))).toContain("reorder");
  expect(judged(late).verdict).toBe("FAIL");
});

test("reorder: what comes early, right before a reading that is sent twice, is named, and it alone", () => {
  // A send a second: one that is due less than eight of them before the second copy may as well end a gap.
  const isFarFrom = (twice: SentRecord) => (send: SentRecord) =>
    isPlain(send) && planned(send).sendAt < planned(twice).duplicateAt - 8_000;
  let found = 0;
  for (const [first, twice] of log.entries()) {
    if (fates[twice.fate] !== "on-time" || planned(twice).duplicateAt < 0) continue;
    const early = log.slice(first + 1, first + 4).find(isFarFrom(twice));
    if (early === undefined) continue;
    const judgement = judged(log.toSpliced(log.indexOf(early), 1).toSpliced(first, 0, early));
    expect(judgement.verdict).toBe("FAIL");
    const named = { class: "reorder", ...idOf(early) };
    expect(judgement.findings).toEqual([expect.objectContaining(named)]);
    found += 1;
  }
  expect(found).toBeGreaterThan(0);
});

test("lost-write: an acknowledged second copy that is not there either is named", () => {
  const [first, second] = twins();
  const gap = acksWith(first, second, "unknown");
  const judgement = judged(log.toSpliced(first, second - first + 1), gap);
  expect(judgement.findings).toEqual([
    expect.objectContaining({ class: "lost-write", ...idOf(log[second]!) }),
  ]);
});

test("near miss: a send of unknown outcome may be absent, or there once", () => {
  expect(judged(log.toSpliced(p, 3), acksWith(p, p + 3, "unknown")).verdict).toBe("PASS");
  expect(judged(log, acksWith(p, p + 3, "unknown")).verdict).toBe("PASS");
});

test("near miss: sends that no ack line names may be absent", () => {
  const acks = [{ partition: 0, from: 0, to: p, outcome: "acked" }] as const;
  const rest = { partition: 0, from: p + 5, to: log.length, outcome: "acked" } as const;
  const all = [...acks, rest, honestHistory.acks[1]!];
  expect(judged(log.toSpliced(p, 5), { acks: all }).verdict).toBe("PASS");
});

test("unseen: what a log that was not read to its end lacks is not called lost", () => {
  const judgement = judged(log.slice(0, -4), { rawReachedEnd: false });
  expect(judgement.results[0]).toMatchObject({ verdict: "UNKNOWN", counts: { unseen: 4 } });
  expect(judgement.verdict).toBe("UNKNOWN");
});

test("aborted-read: a send that had surely failed is in the log", () => {
  const judgement = judged(log, acksWith(p, p + 1, "failed"));
  expect(judgement.verdict).toBe("FAIL");
  expect(judgement.findings).toEqual([
    expect.objectContaining({ class: "aborted-read", ...idOf(log[p]!), partition: 0 }),
  ]);
});

test("INVALID, not PASS: sends failed, and no fault explains it", () => {
  const changes = acksWith(p, p + 2, "failed");
  expect(judged(log.toSpliced(p, 2), changes)).toMatchObject({ verdict: "INVALID" });
  const times = { atMs: 1, untilMs: 4, recoveredMs: 3 };
  const fault = { kind: "kill", target: "kafka", ...times, effect: "it died", mayFailSends: true };
  const explained = { ...changes, record: { faults: [fault] } };
  expect(judged(log.toSpliced(p, 2), explained).verdict).toBe("PASS");
});

test("duplicate: a send that is in the log twice, at once, later or before its turn", () => {
  for (const place of [p + 1, p + 300, p - 200]) {
    const judgement = judged(log.toSpliced(place, 0, log[p]!));
    expect(judgement.results[1]!.findings).toEqual([
      expect.objectContaining({ class: "duplicate", ...idOf(log[p]!), partition: 0 }),
    ]);
    expect(classesOf(judgement)).toEqual(["duplicate"]);
  }
});

test("duplicate: a stretch that was appended a second time", () => {
  const again = log.toSpliced(p + 20, 0, ...log.slice(p, p + 20));
  expect(judged(again).results[1]!.counts).toEqual({ duplicate: 20 });
});

test("near miss: the copies that the plan sends on purpose are no duplicates", () => {
  expect(log.filter(({ copy }) => copy === 1).length).toBeGreaterThan(20);
  expect(judged(log).results[1]!.counts).toEqual({});
});

test("reorder: one send at a later place, and one at an earlier place", () => {
  const send = log[p]!;
  const later = log.toSpliced(p, 1).toSpliced(p + 50, 0, send);
  const earlier = log.toSpliced(p, 1).toSpliced(p - 50, 0, send);
  for (const moved of [later, earlier]) {
    const judgement = judged(moved);
    expect(judgement.results[3]!.findings).toEqual([
      expect.objectContaining({ class: "reorder", ...idOf(send), partition: 0 }),
    ]);
    expect(judgement.results[0]!.verdict).toBe("PASS");
    expect(judgement.results[1]!.verdict).toBe("PASS");
  }
});

test("reorder: two batches that changed places lose nothing", () => {
  const swapped = [
    ...log.slice(0, p),
    ...log.slice(p + 10, p + 20),
    ...log.slice(p, p + 10),
    ...log.slice(p + 20),
  ];
  const judgement = judged(swapped);
  expect(judgement.results[3]!.counts).toEqual({ reorder: 10 });
  expect(judgement.results[0]!.verdict).toBe("PASS");
  expect(judgement.results[1]!.verdict).toBe("PASS");
});

test("corrupt: the right reading with other bytes; its place is taken, nothing is lost", () => {
  const send = log[p]!;
  const value = send.value!.slice();
  value[value.length - 4]! ^= 2;
  const judgement = judged(log.with(p, { ...send, value }));
  expect(judgement.results[2]!.findings).toEqual([
    expect.objectContaining({ class: "corrupt", ...idOf(send), offset: p }),
  ]);
  expect(judgement.results[0]!.verdict).toBe("PASS");
});

test("corrupt: bytes that nobody can read, in the place of a reading", () => {
  const send = log[p]!;
  const judgement = judged(log.with(p, { ...send, value: send.value!.slice(0, 12) }));
  const device = plan.deviceId(send.device);
  expect(judgement.results[2]!.findings).toEqual([
    expect.objectContaining({ class: "corrupt", device, offset: p }),
  ]);
  expect(judgement.results[0]!.verdict).toBe("PASS");
});

test("near miss: malformed readings of the plan are no corruption", () => {
  expect(log.filter(({ fate }) => fates[fate] === "malformed").length).toBeGreaterThan(5);
  expect(judged(log).results[2]!.counts).toEqual({});
});

test("phantom: a foreign device, a seq or boot that the plan does not have, another partition", () => {
  const own = plan.deviceId(log[p]!.device);
  const intruders = [
    madeUp("nobody", 0, 5),
    madeUp(own, 0, plan.readingsOf(log[p]!.device)),
    madeUp(own, 1, 0),
    honestLog[1]![200]!,
  ];
  for (const intruder of intruders) {
    const judgement = judged([...log.slice(0, p), intruder, ...log.slice(p)]);
    expect(judgement.results[2]!.findings).toEqual([
      expect.objectContaining({ class: "phantom", topic: "raw", partition: 0, offset: p }),
    ]);
  }
});

const poisons = [
  { key: new TextEncoder().encode("poison-1"), value: new TextEncoder().encode("{ ") },
  { key: null, value: new TextEncoder().encode("{ ") },
  { key: new TextEncoder().encode("poison-3"), value: null },
];

test("near miss: poisons that the run itself has put into the raw topic are no phantoms", () => {
  const places = poisons.map((_, nth) => ({ topic: "raw", partition: 0, offset: p + nth }));
  const judgement = judged([...log.slice(0, p), ...poisons, ...log.slice(p)], {
    record: { poisons: places },
  });
  expect(judgement.results[2]!.counts).toEqual({});
  expect(judgement.readings.rejectedUnplanned).toBe(0);
});

test("phantom: what looks like a poison of the run, and is none", () => {
  for (const poison of poisons) {
    const elsewhere = [{ topic: "aggregated", partition: 0, offset: p }];
    const record = { poisons: elsewhere };
    const judgement = judged([...log.slice(0, p), poison, ...log.slice(p)], { record });
    expect(judgement.results[2]!.findings).toEqual([
      expect.objectContaining({ class: "phantom", topic: "raw", partition: 0, offset: p }),
    ]);
  }
});

test("near miss: a load that was cut early has the sends before the cut and closing readings", () => {
  const cutAt = loadEnd - 333_333;
  const cutLog = [sendsOf(0, cutAt), sendsOf(1, cutAt)];
  const honest = aggregateHonestly(cutLog);
  const rows = storeHonestly(honest.published);
  const acks = cutLog.map((each, partition) => ({
    partition,
    from: 0,
    to: each.length,
    outcome: "acked" as const,
  }));
  const both = { elasticsearch: rows, cassandra: rows };
  const history = { ...honestHistory, log: cutLog, ...honest, ...both, acks, cutAt };
  expect(judge(factsOf(history)).verdict).toBe("PASS");
});
