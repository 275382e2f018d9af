/** Steps on what is no single process: a server, the indices, a group and its members, a topic, a job. */
import { expect, test } from "vitest";
import { playFault } from "../../../harness/faults/play-fault.ts";
import type { FaultStep } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { memoryStage, type StageOptions } from "./memory-stage.ts";

const pause: FaultStep = { kind: "pause", target: "cassandra", atMs: 0, forMs: 20_000 };
const readOnly: FaultStep = { kind: "read-only", target: "elasticsearch", atMs: 0, forMs: 10_000 };
const storm: FaultStep = {
  kind: "rebalance",
  target: "job-elasticsearch",
  atMs: 0,
  everyMs: 3_000,
  forMs: 18_000,
};
const poison = (forMs?: number): FaultStep => ({
  kind: "poison",
  target: "aggregated",
  atMs: 0,
  forMs,
});
const restart: FaultStep = { kind: "restart", target: "job-cassandra", atMs: 0 };

async function play(step: FaultStep, options: StageOptions = {}) {
  const stage = memoryStage(options);
  const report = await stage.play(playFault(step, stage.ports));
  return { report, did: stage.did };
}

test("a stopped server goes on after its time, and has recovered when its job's partitions move", async () => {
  const { report, did } = await play(pause);
  expect(did).toEqual(["stop cassandra", "continue cassandra"]);
  expect(report.effect).toMatch(
    /^cassandra stood still for 20\.0 s \(SIGSTOP\); job-cassandra went on 0\.\d s after SIGCONT$/,
  );
  expect(report.untilMs).toBe(20_000);
  expect(report.recoveredMs).toBeGreaterThanOrEqual(20_000);
  expect(report.recoveredMs).toBeLessThan(21_000);
});

test("planted: a server that did not stand still left no trace, one whose job stays stuck never recovered", async () => {
  expect((await play(pause, { standsStill: false })).report.effect).toBeNull();
  const { report } = await play(pause, { neverGoesOn: true });
  expect(report).toMatchObject({ recoveredMs: null, untilMs: 20_000 });
  expect(report.effect).toContain("job-cassandra did not go on after SIGCONT");
});

test.each([pause, readOnly])(
  "what $kind does is undone also when the run is broken off",
  async (step) => {
    const stage = memoryStage();
    const broken = new AbortController();
    const ports = { ...stage.ports, signal: broken.signal };
    void stage.clock.sleep(4_000).then(() => broken.abort(new Error("second Ctrl-C")));
    await expect(stage.play(playFault(step, ports))).rejects.toThrow("second Ctrl-C");
    expect(["continue cassandra", "allow writes"]).toContain(stage.did.at(-1));
  },
);

test("indices refuse writes for their time, again and again for those that come up", async () => {
  const { report, did } = await play(readOnly);
  expect(did).toEqual(["allow writes"]);
  expect(report.effect).toBe(
    "2 indices refused every write for 10.0 s; job-elasticsearch went on afterwards",
  );
  expect(report.recoveredMs).toBeGreaterThanOrEqual(10_000);
});

test("planted: where there was no index, nothing was refused", async () => {
  expect((await play(readOnly, { indices: 0 })).report.effect).toBeNull();
});

test("a stranger joins and leaves turn by turn, and is gone in the end", async () => {
  const { report, did } = await play(storm);
  expect(did).toEqual(["join", "leave", "join", "leave", "join", "leave", "gone"]);
  expect(report.effect).toBe(
    "a stranger joined its group 3 times in 18.0 s and left again; " +
      "generations 4 to 8 were seen, it was given up to 2 partitions",
  );
  expect(report.untilMs).toBe(18_000);
  expect(report.recoveredMs).toBeGreaterThanOrEqual(18_000);
});

test("planted: a stranger that is given nothing has disturbed nobody", async () => {
  expect((await play(storm, { givesNothing: true })).report.effect).toBeNull();
});

test("a poison that is skipped alone is over when both jobs are past it", async () => {
  const { report, did } = await play(poison());
  expect(did).toEqual(["expect failures", "expect none"]);
  expect(report.effect).toBe(
    "a record that is no JSON came into partition 1 at offset 0; " +
      "job-elasticsearch went past it; job-cassandra went past it",
  );
  expect(report.recoveredMs).toBeLessThan(1_000);
});

test("a job that fails on a poison is moved behind it after its time, the other is left alone", async () => {
  const failures = (target: string): readonly string[] =>
    target === "job-cassandra" ? ["task 0 of r-cassandra failed: no JSON"] : [];
  const { report, did } = await play(poison(5_000), { stuckOnPoison: true, failures });
  expect(did).toEqual(["expect failures", "move job-cassandra behind 1/0", "expect none"]);
  expect(report.effect).toContain(
    "task 0 of r-cassandra failed: no JSON; job-cassandra was moved past it by its operator 5.0 s later",
  );
  expect(report.recoveredMs).toBeGreaterThanOrEqual(5_000);
});

test("a job that nobody moves on stays where it failed, and its failure stays expected", async () => {
  const failures = (): readonly string[] => ["task 0 failed: no JSON"];
  const { report, did } = await play(poison(), { stuckOnPoison: true, failures });
  expect(did).toEqual(["expect failures"]);
  expect(report).toMatchObject({ recoveredMs: null, untilMs: null });
  expect(report.effect).toContain("task 0 failed: no JSON");
});

test("a restart has its effect when every member of the group is a new one", async () => {
  const { report } = await play(restart);
  expect(report.effect).toMatch(/^1 task left the group and joined anew within \d\.\d s$/);
  expect(report.recoveredMs).not.toBeNull();
});

test("planted: a restart that nobody carries out left no trace", async () => {
  const { report } = await play(restart, { restartDoesNothing: true });
  expect(report).toMatchObject({ effect: null, recoveredMs: null });
});

const drop: FaultStep = { kind: "drop-member", target: "aggregator-0", atMs: 0 };

test("members that are thrown out have their effect when they have joined anew", async () => {
  const { report } = await play(drop);
  expect(report.effect).toMatch(
    /^its group threw 1 member of aggregator-0 out; joined anew after \d\.\d s$/,
  );
  expect(report.recoveredMs).toBeLessThan(1_000);
});

test("planted: members that stayed were not thrown out", async () => {
  expect((await play(drop, { dropsNobody: true })).report).toMatchObject({
    effect: null,
    recoveredMs: null,
  });
});

test("a poison before the aggregator is over when that is past it", async () => {
  const step = { kind: "poison", target: "raw", atMs: 0, forMs: undefined, as: "huge" } as const;
  const { report, did } = await play(step);
  expect(did).toEqual([]);
  expect(report.effect).toMatch(
    /^a record of 900000 bytes .* partition 1 at offset 0; aggregator went past it$/,
  );
  expect(report.recoveredMs).toBeLessThan(1_000);
});

test("phantoms are over when both jobs are past all of them", async () => {
  const step = { kind: "phantom", target: "aggregated", atMs: 0, as: "hang" } as const;
  const { report } = await play(step);
  expect(report.effect).toMatch(
    /^2 aggregates were written and left open .*: partition 1 at 0, partition 3 at 0; job-elasticsearch and job-cassandra went past them after/,
  );
  expect(report.recoveredMs).toBeLessThan(1_000);
});

test("planted: phantoms that keep everybody waiting for ever are no recovery", async () => {
  const step = { kind: "phantom", target: "aggregated", atMs: 0, as: undefined } as const;
  const { report } = await play(step, { stuckOnPoison: true });
  expect(report.effect).toMatch(/^2 aggregates were written and aborted: .* not in time$/);
  expect(report).toMatchObject({ recoveredMs: null, untilMs: null });
});

const herd = { kind: "herd", target: "simulator", atMs: 0, forMs: 2_000 } as const;

test("a herd says how much was held back and how much faster it left", async () => {
  const { report } = await play(herd);
  expect(report.effect).toBe(
    "3000 sends were held back for 2.0 s and left within 0.5 s, 5 times as fast as planned",
  );
  expect(report.recoveredMs).toBe(2_000);
});

test("planted: a herd of nothing left no trace", async () => {
  expect((await play(herd, { idle: true })).report.effect).toBeNull();
});
