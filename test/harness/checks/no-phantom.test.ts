import { expect, test } from "vitest";
import { checkNoPhantom } from "../../../harness/checks/no-phantom.ts";
import type { AckRange, Outcome } from "../../../harness/facts/ack-ranges.ts";
import { factsOf, type History, honestHistory, honestLog, plan } from "./history.ts";

const [log, otherLog] = [honestLog[0]!, honestLog[1]!];
const { published } = honestHistory;
const one = published[40]!;
const checked = (changes: Partial<History>) =>
  checkNoPhantom(factsOf({ ...honestHistory, ...changes }));

test("each raw record, aggregate and transaction is looked at", () => {
  const stretches = honestHistory.transactions.length;
  expect(checked({})).toMatchObject({
    ...{ clause: "C3", verdict: "PASS", counts: {} },
    evaluated: log.length + otherLog.length + published.length + stretches,
  });
});

test("planted: an aggregate that no reading belongs to is named whole; an unreadable one has no window", () => {
  const { aggregate: a, partition } = one;
  const start = a.window.start + 86_400_000;
  const far = { ...a, window: { ...a.window, start } };
  const offset = published.filter((each) => each.partition === partition).length;
  const place = { topic: "aggregated", partition, offset };
  const found = "a window without an accepted reading";
  expect(checked({ published: [...published, { partition, aggregate: far }] }).findings).toEqual([
    { class: "phantom", device: a.device.id, window: start, ...place, found },
  ]);
  const poison = new TextEncoder().encode("{ ");
  const unreadable = [...published, { partition, aggregate: a, poison }];
  const [finding] = checked({ published: unreadable }).findings;
  expect(finding).toMatchObject({ class: "phantom", ...place, found });
  expect(finding).not.toHaveProperty("window");
});

/** Failed sends at these positions of partition 0. */
function failing(...positions: readonly number[]): readonly AckRange[] {
  const failed = new Set(positions);
  const outcomeOf = (position: number): Outcome => (failed.has(position) ? "failed" : "acked");
  const own = log.map((_, at) => ({ partition: 0, from: at, to: at + 1, outcome: outcomeOf(at) }));
  return [...own, honestHistory.acks[1]!];
}

const abortedRead = (position: number) => {
  const { device, index } = log[position]!;
  const id = { device: plan.deviceId(device), ...plan.readingId(device, index) };
  const found = "a send that had surely failed";
  return { class: "aborted-read", ...id, topic: "raw", partition: 0, found };
};

test("planted: of the sends that failed those that are in the log are named, and no others", () => {
  const acks = failing(300, 301, 302);
  const { findings } = checked({ acks, log: [log.toSpliced(301, 1), otherLog] });
  expect(findings).toEqual([300, 302].map(abortedRead));
});

test("planted: one that is missing in another partition at the same position hides nothing", () => {
  const { findings } = checked({ acks: failing(20), log: [log, otherLog.toSpliced(20, 1)] });
  expect(findings).toEqual([abortedRead(20)]);
});

test("near miss: failed sends at the end of the log that it does not hold", () => {
  const end = log.length;
  const acks = failing(end - 3, end - 2, end - 1);
  expect(checked({ acks, log: [log.slice(0, -2), otherLog] }).findings).toEqual([
    abortedRead(end - 3),
  ]);
});
