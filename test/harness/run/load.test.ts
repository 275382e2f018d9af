import { expect, test } from "vitest";
import { playLoad } from "../../../harness/run/load.ts";
import type { FaultStep } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { virtualLoad } from "./load-fixture.ts";

const kill = (atMs: number): FaultStep => ({ kind: "kill", target: "simulator-0", atMs });
const limitMs = 300_000;

test("a fault is done at its time, and the load goes on to its end", async () => {
  const { clock, context, parts, active } = virtualLoad([kill(4_000)]);
  const outcome = await clock.runUntil(playLoad(context, parts), limitMs);
  expect(outcome.endedAtEventMs).toBe(20_000);
  const [report] = await Promise.all(outcome.faults);
  expect(report).toMatchObject({
    kind: "kill",
    target: "simulator-0",
    atMs: 4_000,
    effect: "simulator-0 ended by signal SIGKILL, started again",
  });
  expect(report?.recoveredMs).toBeGreaterThanOrEqual(1_500);
  expect(report?.recoveredMs).toBeLessThan(2_000);
  expect(active).toEqual(["kill simulator-0", undefined]);
});

test("the load does not end while a killed process is being started again", async () => {
  const { clock, context, parts } = virtualLoad([kill(19_800)]);
  await clock.runUntil(playLoad(context, parts), limitMs);
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(20_800);
});

test("a fault whose time never came, because the run was interrupted, has no effect", async () => {
  const { clock, context, parts, interrupt } = virtualLoad([kill(4_000), kill(15_000)]);
  const load = playLoad(context, parts);
  await clock.advance(10_000);
  interrupt();
  const { endedAtEventMs, faults } = await clock.runUntil(load, limitMs);
  expect(endedAtEventMs).toBeLessThan(11_000);
  const reports = await clock.runUntil(Promise.all(faults), limitMs);
  expect(reports.map(({ effect }) => effect === null)).toEqual([false, true]);
});

test("a process that cannot be started again is a trouble, and the fault is still reported", async () => {
  const { clock, context, parts } = virtualLoad([kill(4_000)], { restartFails: true });
  const { faults } = await clock.runUntil(playLoad(context, parts), limitMs);
  expect(await Promise.all(faults)).toMatchObject([
    {
      target: "simulator-0",
      effect: "simulator-0 ended by signal SIGKILL, and did not come up again",
      recoveredMs: null,
    },
  ]);
  expect(parts.troubles.sentences).toEqual(["simulator-0 was not started again: no room"]);
});

test("replays under load are played at their times, unless the load was over first", async () => {
  const { clock, context, parts, interrupt } = virtualLoad([]);
  const played: number[] = [];
  const replay = (atMs: number) => ({
    atMs,
    play: async () => void played.push(clock.monotonicMs()),
  });
  const load = playLoad(context, { ...parts, replays: [replay(3_000), replay(12_000)] });
  await clock.advance(10_000);
  interrupt();
  const { replays } = await clock.runUntil(load, limitMs);
  await Promise.all(replays);
  expect(played).toEqual([3_000]);
});

test("a replay that fails is told to whoever waits for it", async () => {
  const { clock, context, parts } = virtualLoad([]);
  const play = () => Promise.reject(new Error("the store is gone"));
  const load = playLoad(context, { ...parts, replays: [{ atMs: 3_000, play }] });
  const { replays } = await clock.runUntil(load, limitMs);
  await expect(Promise.all(replays)).rejects.toThrow("the store is gone");
});

test("a task that fails without a step that wants it ends the load, as a death does", async () => {
  const { clock, context, parts, failTask, said } = virtualLoad([]);
  const load = playLoad(context, parts);
  await clock.advance(6_000);
  failTask("task 0 of r-cassandra failed: no JSON");
  const { endedAtEventMs } = await clock.runUntil(load, limitMs);
  expect(endedAtEventMs).toBeLessThan(7_000);
  expect(said).toContain("task 0 of r-cassandra failed: no JSON: the load is cut here");
});
