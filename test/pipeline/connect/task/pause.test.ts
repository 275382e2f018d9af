/** A paused task: neither reads nor writes, and stays what it is in its group. */
import { expect, test } from "vitest";
import { createPause } from "../../../../pipeline/connect/task/pause-gate.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import { createTaskBench } from "./task-bench.ts";

const devices = (prefix: string, count = 5) =>
  Array.from({ length: count }, (_, at) => aggregate(`${prefix}${at}`, 0, 1));

test("what is under way is finished and committed; then nothing is read or written until it resumes", async () => {
  const bench = createTaskBench(1);
  const task = bench.start();
  await bench.clock.advance(100);
  bench.store.fault("down");
  await bench.publish(0, devices("before"));
  await bench.clock.advance(200);
  task.pause.pause();
  bench.store.fault(undefined);
  await bench.clock.advance(2_000);
  expect(Object.keys(bench.stored())).toHaveLength(5);
  expect(await bench.committed(0)).toBe(6);
  await bench.publish(0, devices("after"));
  await bench.clock.advance(120_000);
  expect(Object.keys(bench.stored())).toHaveLength(5);
  expect(task.meter.lag.get("run.temperatures.aggregated/0")?.records).toBe(6);
  task.pause.resume();
  await bench.clock.advance(3_000);
  expect(Object.keys(bench.stored())).toHaveLength(10);
  expect(await bench.committed(0)).toBe(12);
  expect(task.meter).toMatchObject({ rebalances: 0, partitions: 1 });
});

test("a paused task keeps its partitions, and a stop ends it at once", async () => {
  const bench = createTaskBench(2);
  const task = bench.start();
  task.pause.pause();
  await bench.clock.advance(120_000);
  expect(task.meter.partitions).toBe(2);
  const beforeMs = bench.clock.monotonicMs();
  task.stop();
  await bench.clock.runUntil(task.ended, 10_000);
  expect(bench.clock.monotonicMs() - beforeMs).toBeLessThan(100);
  expect(task.meter.partitions).toBe(0);
});

test("a paused task takes part in rebalances, and goes on with what it is given", async () => {
  const bench = createTaskBench(2);
  const first = bench.start({ slot: 0 });
  await bench.clock.advance(1_000);
  first.pause.pause();
  const second = bench.start({ slot: 1 });
  await bench.clock.advance(30_000);
  expect([first.meter.partitions, second.meter.partitions]).toEqual([1, 1]);
  await bench.publish(0, devices("a"));
  await bench.publish(1, devices("b"));
  await bench.clock.advance(5_000);
  expect(Object.keys(bench.stored())).toHaveLength(5);
  first.pause.resume();
  await bench.clock.advance(5_000);
  expect(Object.keys(bench.stored())).toHaveLength(10);
});

test("who waits at a gate is woken by its opening or by the end of the wait", async () => {
  const gate = createPause(true);
  const control = new AbortController();
  const waiting = gate.opened(control.signal);
  control.abort(new Error("over"));
  await waiting;
  expect(gate.isPaused()).toBe(true);
  const another = gate.opened(new AbortController().signal);
  gate.resume();
  await another;
  expect(gate.isPaused()).toBe(false);
});
