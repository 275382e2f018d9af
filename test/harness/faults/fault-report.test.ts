import { expect, test } from "vitest";
import { explainsTheGenerator, type FaultReport } from "../../../harness/faults/fault-report.ts";
import { recoveryTimes } from "../../../harness/faults/recovery-times.ts";
import { createTargetLocks } from "../../../harness/faults/target-locks.ts";

function report(over: Partial<FaultReport>): FaultReport {
  const kill = { kind: "kill", target: "aggregator-0", effect: "seen" } as const;
  return { ...kill, atMs: 0, untilMs: null, recoveredMs: 1_000, ...over };
}

test.each([
  ["the kill of a worker", { target: "simulator-1" }, true],
  ["a kill of a worker that left no trace", { target: "simulator-1", effect: null }, false],
  ["the kill of the aggregator", {}, false],
])("%s explains what the generator did: %s, %s", (_, over, explains) => {
  expect(explainsTheGenerator(report(over))).toBe(explains);
});

test("times to recovery are those of all faults and of each stage; never is longer than any", () => {
  const times = recoveryTimes([
    report({ recoveredMs: 3_000 }),
    report({ target: "aggregator-1", recoveredMs: 1_000 }),
    report({ target: "job-cassandra-0", recoveredMs: null }),
  ]);
  const of = (metric: string) => {
    const found = times.get(metric);
    return typeof found === "object" ? [found.count, found.percentile(50), found.max] : found;
  };
  expect(of("recoveredMs.aggregator")).toEqual([2, 1_000, 3_000]);
  expect(of("recoveredMs.job-cassandra")).toEqual([1, Infinity, Infinity]);
  expect(of("recoveredMs")).toEqual([3, 3_000, Infinity]);
  expect(of("recoveredMs.simulator")).toBeUndefined();
  expect(recoveryTimes([]).size).toBe(0);
});

test("who holds a name keeps others off it, and names are taken together", async () => {
  const { hold } = createTargetLocks();
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = hold(["a"], async () => {
    await gate.promise;
    order.push("a");
  });
  const both = hold(["b", "a"], async () => void order.push("a and b"));
  const last = hold(["b"], async () => void order.push("b"));
  const other = hold(["c"], async () => void order.push("c"));
  await other;
  gate.resolve();
  await Promise.all([first, both, last]);
  expect(order).toEqual(["c", "a", "a and b", "b"]);
});

test("a holder that fails lets the next one in", async () => {
  const { hold } = createTargetLocks();
  await expect(hold(["a"], () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await hold(["a"], async () => "in")).toBe("in");
});
