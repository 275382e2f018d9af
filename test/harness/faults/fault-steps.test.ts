import { expect, test } from "vitest";
import { playFault, undone } from "../../../harness/faults/play-fault.ts";
import type { FaultStep } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { memoryStage, type StageOptions } from "./memory-stage.ts";

const step = (kind: "kill" | "start" | "stop", target = "aggregator-0"): FaultStep => ({
  kind,
  target,
  atMs: 0,
});
const pause = (forMs: number): FaultStep => ({
  kind: "pause",
  target: "aggregator-0",
  atMs: 0,
  forMs,
});

async function play(one: FaultStep, options: StageOptions = {}, more: readonly string[] = []) {
  const stage = memoryStage(options);
  for (const name of more) stage.join(name);
  return stage.play(playFault(one, stage.ports));
}

test("a killed instance has recovered when each of its partitions has gone on after its restart", async () => {
  const report = await play(step("kill"));
  expect(report).toMatchObject({
    kind: "kill",
    target: "aggregator-0",
    atMs: 0,
    effect: "aggregator-0 ended by signal SIGKILL, started again",
  });
  expect(report.recoveredMs).toBeGreaterThanOrEqual(1_000);
  expect(report.recoveredMs).toBeLessThan(1_500);
  expect(report.untilMs).toBe(report.recoveredMs);
});

test("what others do hides no death: their partitions do not count", async () => {
  const report = await play(step("kill"), { startMs: 5_000 }, ["aggregator-1"]);
  expect(report.recoveredMs).toBeGreaterThanOrEqual(5_000);
});

test("a stage with nothing left to do has recovered when its instance is ready again", async () => {
  const report = await play(step("kill"), { idle: true });
  expect(report.recoveredMs).toBeGreaterThanOrEqual(1_000);
  expect(report.recoveredMs).toBeLessThan(1_500);
});

test("a stage that never goes on has not recovered", async () => {
  const report = await play(step("kill"), { stuckAfterKill: true });
  expect(report).toMatchObject({ recoveredMs: null, untilMs: null });
  expect(report.effect).toContain("SIGKILL");
});

test("after a death that nobody asked for nothing is waited for", async () => {
  const stage = memoryStage({ stuckAfterKill: true });
  stage.giveUp();
  const report = await stage.play(playFault(step("kill"), stage.ports));
  expect(report.recoveredMs).toBeNull();
  expect(stage.clock.monotonicMs()).toBeLessThan(5_000);
});

test("a kill after which the process ended otherwise left no trace", async () => {
  const report = await play(step("kill"), { plant: { lastExit: () => "exit code 1" } });
  expect(report.effect).toBeNull();
});

test("a crash point is waited for; what counts begins with the death there", async () => {
  const at = { ...step("kill"), point: "after-offsets" };
  const report = await play(at as FaultStep);
  expect(report.effect).toBe(
    "aggregator-0 ended by signal SIGKILL at after-offsets, started again",
  );
  expect(report.atMs).toBeGreaterThanOrEqual(2_000);
  expect(report.recoveredMs).toBeLessThan(1_500);
});

test("a crash point that nobody came by left no trace, and the process lives on", async () => {
  const stage = memoryStage();
  const at = { ...step("kill"), point: "never-passed" };
  const report = await stage.play(playFault(at as FaultStep, stage.ports));
  expect(report).toMatchObject({ kind: "kill", effect: null, recoveredMs: null });
  expect(stage.ports.instances.isRunning("aggregator-0")).toBe(true);
});

test("an instance that does not come up again never recovers, but its death was seen", async () => {
  const report = await play(step("kill"), { plant: { restart: async () => false } });
  expect(report).toMatchObject({
    effect: "aggregator-0 ended by signal SIGKILL, and did not come up again",
    recoveredMs: null,
  });
});

test("an instance that never came up had no effect", async () => {
  const report = await play(step("start", "aggregator-1"), {
    plant: { start: async () => false },
  });
  expect(report).toMatchObject({ effect: null, recoveredMs: null });
});

test("a stand-in that does not come up is told, and the paused one goes on by itself", async () => {
  const report = await play(pause(13_000), { plant: { start: async () => false } });
  expect(report.effect).toContain("aggregator-7 did not come up beside it");
  expect(report.recoveredMs).toBeGreaterThanOrEqual(13_000);
});

test("a paused instance is evicted, replaced, and has to join anew", async () => {
  const report = await play(pause(13_000));
  expect(report.effect).toMatch(
    /^aggregator-0 stood still for 13\.0 s \(SIGSTOP\), aggregator-7 was started beside it; its group evicted it after 10\.\d s, aggregator-7 took its 4 partitions; gone on, it had to join anew and was given 2 partitions$/,
  );
  expect(report.recoveredMs).toBeGreaterThanOrEqual(10_000);
  expect(report.recoveredMs).toBeLessThan(11_000);
  expect(report.untilMs).toBe(13_000);
});

test("a pause that is too short says honestly that nobody was evicted", async () => {
  const report = await play(pause(5_000));
  expect(report.effect).toContain("the group of aggregator did not evict it in that time");
  expect(report.recoveredMs).toBeGreaterThanOrEqual(5_000);
});

test("a zombie that is not given anything again is told as one", async () => {
  const report = await play(pause(13_000), { plant: { resume: () => undefined } });
  expect(report.effect).toContain("gone on, it never got partitions again");
});

test("a process that did not stand still left no trace", async () => {
  const report = await play(pause(13_000), { plant: { suspend: async () => false } });
  expect(report.effect).toBeNull();
});

test("a paused process goes on whatever happens meanwhile", async () => {
  const stage = memoryStage();
  const membersOf = stage.ports.membersOf;
  const ports = {
    ...stage.ports,
    membersOf: (target: string) =>
      stage.clock.monotonicMs() > 3_000
        ? Promise.reject(new Error("the broker is gone"))
        : membersOf(target),
  };
  await expect(stage.play(playFault(pause(13_000), ports))).rejects.toThrow("the broker is gone");
  expect(stage.instances.get("aggregator-0")?.state).toBe("running");
});

test("a started instance has its effect when the group gives it partitions", async () => {
  const report = await play(step("start", "aggregator-1"));
  expect(report.effect).toBe("aggregator-1 was ready after 1.0 s, its group gave it 2 partitions");
  expect(report.recoveredMs).toBeGreaterThanOrEqual(1_000);
});

test("an instance that is given nothing never takes part", async () => {
  const report = await play(step("start", "aggregator-1"), { givesNothing: true });
  expect(report.effect).toContain("but its group gave it no partitions");
  expect(report.recoveredMs).toBeNull();
});

test("a stopped instance hands its partitions over", async () => {
  const report = await play(step("stop"), {}, ["aggregator-1"]);
  expect(report.effect).toBe(
    "aggregator-0 ended by exit code 0 after 0.0 s; aggregator-1 took its 2 partitions",
  );
  expect(report.recoveredMs).toBeLessThan(1_000);
});

test("a stop after which nobody takes over never recovers", async () => {
  const report = await play(step("stop"));
  expect(report.effect).toContain("nobody took its 4 partitions");
  expect(report.recoveredMs).toBeNull();
});

test.each([
  ["kill", "aggregator-3", "kill of aggregator-3 was not done: no aggregator runs under that name"],
  ["start", "aggregator-0", "start of aggregator-0 was not done: it runs already"],
] as const)("a %s of %s is not done, and the live view says why", async (kind, target, line) => {
  const stage = memoryStage();
  const report = await stage.play(playFault(step(kind, target), stage.ports));
  expect(report).toMatchObject({ kind, target, effect: null, recoveredMs: null, untilMs: null });
  expect(stage.said).toEqual([line]);
});

test("a step whose turn comes after the load is not done", async () => {
  const stage = memoryStage();
  stage.endLoad();
  const report = await stage.play(playFault(step("kill"), stage.ports));
  expect(report.effect).toBeNull();
  expect(stage.instances.get("aggregator-0")?.state).toBe("running");
});

test("a step on a target that is being started again waits for it", async () => {
  const stage = memoryStage({ startMs: 3_000 });
  const first = playFault(step("kill"), stage.ports);
  const second = playFault(step("kill"), stage.ports);
  const [one, two] = await stage.play(Promise.all([first, second]));
  expect(one.atMs).toBe(0);
  expect(two.atMs).toBeGreaterThanOrEqual(3_000);
  expect(two.effect).not.toBeNull();
});

test("a stopped instance that is started again may be the one that goes on", async () => {
  const stage = memoryStage({ startMs: 4_000 });
  const stop = playFault(step("stop"), stage.ports);
  const start = playFault(step("start"), stage.ports);
  const [stopped] = await stage.play(Promise.all([stop, start]));
  expect(stopped.effect).toContain("aggregator-0 took its 4 partitions");
  expect(stopped.recoveredMs).toBeGreaterThanOrEqual(4_000);
});

test("a stop waits until the instance that is to go on has come up", async () => {
  const stage = memoryStage({ startMs: 4_000 });
  const start = playFault(step("start", "aggregator-1"), stage.ports);
  const stop = playFault(step("stop"), stage.ports);
  const [, stopped] = await stage.play(Promise.all([start, stop]));
  expect(stopped.atMs).toBeGreaterThanOrEqual(4_000);
  expect(stopped.effect).toContain("aggregator-1 took its");
});

test("a step whose time never came has no effect", async () => {
  const report = await undone({ kind: "stop", target: "aggregator-0", atMs: 9_000 }).report();
  expect(report).toMatchObject({ atMs: 9_000, effect: null });
});
