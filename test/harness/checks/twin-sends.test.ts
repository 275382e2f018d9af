import { expect, test } from "vitest";
import { checkNoLoss } from "../../../harness/checks/no-loss.ts";
import type { AckRange, Outcome } from "../../../harness/facts/ack-ranges.ts";
import { factsOf, honestHistory, honestLog, plan, type SentRecord } from "./history.ts";

const [log, other] = [honestLog[0]!, honestLog[1]!];
const isSame = (a: SentRecord, b: SentRecord) => a.device === b.device && a.index === b.index;
/** Positions of the two copies of a reading in a partition's log, the first one from `from` on. */
function twinsIn(sends: readonly SentRecord[], from: number): readonly [number, number] {
  const first = sends.findIndex(
    (send, at) => at >= from && sends.findIndex((twin, k) => k > at && isSame(send, twin)) > 0,
  );
  return [first, sends.findLastIndex((send) => isSame(send, sends[first]!))];
}

/** All acknowledged, but for these positions of this partition. */
function acks(partition: number, bent: ReadonlyMap<number, Outcome>): readonly AckRange[] {
  const own = honestLog[partition]!.map((_, at) => ({
    ...{ partition, from: at, to: at + 1, outcome: bent.get(at) ?? "acked" },
  }));
  return [...own, honestHistory.acks[1 - partition]!];
}

/** C1 of logs that lack these positions of each partition. */
function lost(
  lacking: readonly [ReadonlySet<number>, ReadonlySet<number>],
  own: readonly AckRange[],
) {
  const logs = honestLog.map((sends, p) => sends.filter((_, at) => !lacking[p]!.has(at)));
  return checkNoLoss(factsOf({ ...honestHistory, log: logs, acks: own })).findings;
}

const none: ReadonlySet<number> = new Set();
const between = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

test("near miss: in either partition the copy that is there stands for the one that is not", () => {
  for (const [p, sends] of [log, other].entries()) {
    const [first, second] = twinsIn(sends, p === 0 ? 100 : 5);
    const unknown = new Map(between(first, second).map((at) => [at, "unknown"] as const));
    const lacking = new Set(between(first, second));
    const both = p === 0 ? ([lacking, none] as const) : ([none, lacking] as const);
    expect(lost(both, acks(p, unknown))).toEqual([]);
  }
});

test("near miss: what another partition lacks at the same position is no copy of it", () => {
  const [first, second] = twinsIn(log, 100);
  expect(first).toBeLessThan(other.length - 1);
  const unknown = new Map(between(first, second).map((at) => [at, "unknown"] as const));
  const elsewhere = new Set([first]);
  const findings = lost([new Set(between(first, second)), elsewhere], acks(0, unknown));
  expect(findings.map(({ partition }) => partition)).toEqual([1]);
});

test("near miss: a partition is judged by its own end, not by that of another one", () => {
  const [first, second] = twinsIn(other, 5);
  const gap = new Map(between(first, second).map((at) => [at, "unknown"] as const));
  // Nothing of the other partition was acknowledged, and nothing of it is there.
  const acked = acks(1, gap).filter(({ partition }) => partition === 1);
  const lacking = [new Set(log.keys()), new Set(gap.keys())] as const;
  expect(lost(lacking, acked)).toEqual([]);
});

test("planted: a copy that lies behind the end of the log stands for nothing", () => {
  for (const from of [100, 300]) {
    const [first, second] = twinsIn(log, from);
    const unknown = new Map(between(second, log.length).map((at) => [at, "unknown"] as const));
    const lacking = new Set([first, ...between(second, log.length)]);
    const { device, index } = log[first]!;
    expect(lost([lacking, none], acks(0, unknown))).toEqual([
      expect.objectContaining({ class: "lost-write", device: plan.deviceId(device), seq: index }),
    ]);
  }
});

test("planted: a copy that is there, and had been acknowledged itself, stands for no other", () => {
  const [first] = twinsIn(log, 100);
  const findings = lost([new Set([first]), none], acks(0, new Map()));
  expect(findings.map((each) => each.class)).toEqual(["lost-write"]);
});
