/** A task's promises: nothing lost, nothing past an unresolved record, whatever ends it. */
import { expect, test } from "vitest";
import {
  retriable,
  type Sink,
  type SinkWrite,
  type WriteResult,
} from "../../../../pipeline/sinks/sink.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import {
  createTaskBench,
  jobConfig,
  type RunningTask,
  type TaskBench,
  topic,
} from "./task-bench.ts";

const devices = (count: number, nth = 0) =>
  Array.from({ length: count }, (_, at) => aggregate(`d${at}`, nth, 1));

/** Lets virtual time pass until the task has ended. */
const end = ({ clock }: TaskBench, { ended }: RunningTask): Promise<void> =>
  clock.runUntil(ended, 120_000);

async function stop(bench: TaskBench, task: RunningTask): Promise<void> {
  task.stop();
  await end(bench, task);
}

/** What the sink was asked to write, batch by batch. */
function spyOn(batches: (readonly SinkWrite[])[]): (sink: Sink) => Sink {
  return (sink) => ({
    ...sink,
    write: (batch, signal) => {
      batches.push(batch);
      return sink.write(batch, signal);
    },
  });
}

test("records become documents, and a stopped task has committed all of them", async () => {
  const bench = createTaskBench();
  await bench.publish(0, devices(10));
  await bench.publish(1, devices(10, 1));
  const task = bench.start();
  await bench.clock.advance(100);
  await stop(bench, task);
  expect(Object.keys(bench.stored())).toHaveLength(20);
  // The commit marker of the transaction takes an offset too.
  expect([await bench.committed(0), await bench.committed(1)]).toEqual([11, 11]);
});

test("offsets are committed while the task runs, not only at its end", async () => {
  const bench = createTaskBench();
  await bench.publish(0, devices(10));
  bench.start();
  await bench.clock.advance(3_000);
  expect(await bench.committed(0)).toBe(11);
});

test("what a transaction aborted is never stored", async () => {
  const bench = createTaskBench();
  await bench.publish(0, [aggregate("ghost", 0, 1)], "abort");
  await bench.publish(0, [aggregate("real", 0, 1)]);
  const task = bench.start();
  await bench.clock.advance(100);
  await stop(bench, task);
  expect(Object.keys(bench.stored())).toEqual(["real@1768435200000"]);
  expect(await bench.committed(0)).toBe(4);
});

for (const crashAt of ["before-write", "after-write", "before-commit", "after-commit"] as const) {
  test(`a crash ${crashAt} loses nothing: the successor writes again what was not committed`, async () => {
    const bench = createTaskBench();
    await bench.publish(0, devices(10));
    const first = bench.start({ crashAt });
    await bench.publish(0, devices(10, 1));
    await expect(
      bench.clock.runUntil(Promise.race([first.ended, bench.clock.sleep(60_000)]), 70_000),
    ).rejects.toMatchObject({ code: "crash" });
    const committed = await bench.committed(0);
    const second = bench.start();
    await bench.clock.advance(20_000);
    await stop(bench, second);
    expect(Object.keys(bench.stored())).toHaveLength(20);
    expect(await bench.committed(0)).toBe(22);
    if (crashAt === "after-write") expect(committed).toBe(0);
    if (crashAt === "after-write") expect(bench.store.statistics().conflicts).toBeGreaterThan(0);
  });
}

test("while the store is down nothing is committed; after it everything is", async () => {
  const bench = createTaskBench();
  bench.store.fault("down");
  await bench.publish(0, devices(10));
  const task = bench.start();
  await bench.clock.advance(30_000);
  expect(await bench.committed(0)).toBe(0);
  bench.store.fault(undefined);
  await bench.clock.advance(40_000);
  expect(await bench.committed(0)).toBe(11);
  await stop(bench, task);
  expect(Object.keys(bench.stored())).toHaveLength(10);
});

test("of a batch only the items that were not stored are written again", async () => {
  const bench = createTaskBench();
  const batches: (readonly SinkWrite[])[] = [];
  let first = true;
  const wrap = (sink: Sink): Sink => ({
    ...spyOn(batches)(sink),
    write: async (batch, signal) => {
      const results = await spyOn(batches)(sink).write(batch, signal);
      if (!first) return results;
      first = false;
      const error = new Error("rejected execution");
      return results.map(
        (result, at): WriteResult =>
          at % 2 === 0 ? result : retriable(error, { overloaded: true }),
      );
    },
  });
  await bench.publish(0, devices(10));
  const task = bench.start({ wrap });
  await bench.clock.advance(5_000);
  await stop(bench, task);
  expect(batches.map(({ length }) => length)).toEqual([10, 5]);
  expect(await bench.committed(0)).toBe(11);
});

test("a record that cannot be read stops the task: those before it are stored and committed", async () => {
  const bench = createTaskBench();
  await bench.publish(0, [...devices(3), "not json", ...devices(3, 1)]);
  const task = bench.start();
  await expect(end(bench, task)).rejects.toMatchObject({
    code: "unreadable-record",
    record: { partition: 0, offset: 3 },
  });
  expect(Object.keys(bench.stored())).toHaveLength(3);
  expect(await bench.committed(0)).toBe(3);
});

test("a tombstone and a record without a version stop the task, too", async () => {
  for (const bad of [null, '{"device":{"id":"a"},"window":{"start":5}}']) {
    const bench = createTaskBench();
    await bench.publish(0, [bad]);
    const task = bench.start();
    await expect(end(bench, task)).rejects.toMatchObject({ code: "unreadable-record" });
    expect(await bench.committed(0)).toBe(0);
  }
});

test("a record that the store refuses stops the task, and nothing past it is committed", async () => {
  const bench = createTaskBench();
  const bad = JSON.stringify(aggregate("bad", 0, 1)).replace('"count":1', '"count":"many"');
  await bench.publish(0, [...devices(3), bad]);
  const task = bench.start();
  await expect(end(bench, task)).rejects.toMatchObject({
    code: "write-refused",
    record: { partition: 0, offset: 3 },
  });
  expect(await bench.committed(0)).toBe(0);
});

test("max.retries means what it says: so many attempts after the first, then the task stops", async () => {
  const bench = createTaskBench();
  const batches: (readonly SinkWrite[])[] = [];
  const task = bench.start({
    config: jobConfig({ "connect.elastic.max.retries": 3 }),
    wrap: spyOn(batches),
  });
  await bench.clock.advance(100);
  bench.store.fault("overloaded");
  await bench.publish(0, devices(2));
  await expect(end(bench, task)).rejects.toMatchObject({ code: "retries-exhausted" });
  expect(batches).toHaveLength(4);
  expect(await bench.committed(0)).toBe(0);
});

test("a task that is stopped while the store hangs gives up and commits nothing", async () => {
  const bench = createTaskBench();
  const task = bench.start();
  await bench.clock.advance(100);
  bench.store.fault("hanging");
  await bench.publish(0, devices(2));
  await bench.clock.advance(1_000);
  const before = bench.clock.monotonicMs();
  await stop(bench, task);
  expect(bench.clock.monotonicMs() - before).toBeLessThan(10_000);
  expect(await bench.committed(0)).toBe(0);
});

test("a task that is stopped between two attempts ends at once, however long its interval is", async () => {
  const bench = createTaskBench();
  const task = bench.start({ config: jobConfig({ "connect.elastic.retry.interval": 3_600_000 }) });
  await bench.clock.advance(100);
  bench.store.fault("rejecting");
  await bench.publish(0, devices(2));
  await bench.clock.advance(1_000);
  const before = bench.clock.monotonicMs();
  await stop(bench, task);
  expect(bench.clock.monotonicMs() - before).toBeLessThan(100);
  expect(await bench.committed(0)).toBe(0);
});

test("two tasks share the partitions, and one takes over what the other gives up", async () => {
  const bench = createTaskBench(4);
  const first = bench.start({ slot: 0 });
  await bench.clock.advance(5_000);
  const second = bench.start({ slot: 1 });
  for (let nth = 0; nth < 10; nth++) {
    for (let partition = 0; partition < 4; partition++) {
      await bench.publish(partition, [aggregate(`d${partition}`, nth, 1)]);
    }
    await bench.clock.advance(1_000);
  }
  await stop(bench, first);
  await bench.publish(0, [aggregate("last", 0, 1)]);
  await bench.clock.advance(30_000);
  await stop(bench, second);
  expect(Object.keys(bench.stored())).toHaveLength(41);
  const committed = await Promise.all([0, 1, 2, 3].map(bench.committed));
  expect(committed).toEqual([22, 20, 20, 20]);
});

test("a task for which no partition is left waits for one", async () => {
  const bench = createTaskBench(1);
  const first = bench.start({ slot: 0 });
  await bench.clock.advance(1_000);
  const second = bench.start({ slot: 1 });
  await bench.clock.advance(30_000);
  expect(first.meter.rebalances + second.meter.rebalances).toBe(1);
  const [idle, busy] = first.meter.partitions === 0 ? [first, second] : [second, first];
  await stop(bench, busy);
  await bench.publish(0, devices(2));
  await bench.clock.advance(30_000);
  expect(Object.keys(bench.stored())).toHaveLength(2);
  expect(idle.meter.partitions).toBe(1);
});

test("a task that lost its membership commits nothing, and goes on with what it is given next", async () => {
  const bench = createTaskBench(1);
  const first = bench.start({ slot: 0 });
  await bench.clock.advance(100);
  bench.store.fault("hanging");
  await bench.publish(0, devices(2));
  await bench.clock.advance(1_000);
  first.client.hold();
  await bench.clock.advance(15_000);
  bench.store.fault(undefined);
  const second = bench.start({ slot: 1 });
  await bench.clock.advance(30_000);
  first.client.release();
  await bench.clock.advance(30_000);
  expect(await bench.committed(0)).toBe(3);
  await stop(bench, second);
  await bench.publish(0, devices(2, 1));
  await bench.clock.advance(30_000);
  await stop(bench, first);
  expect(Object.keys(bench.stored())).toHaveLength(4);
  expect(await bench.committed(0)).toBe(6);
});

test("records that retention cut before they were stored stop the task with a sentence", async () => {
  const bench = createTaskBench();
  await bench.publish(0, devices(4));
  const first = bench.start();
  await bench.clock.advance(3_000);
  await stop(bench, first);
  await bench.publish(0, devices(4, 1));
  bench.kafka.cut(topic, 0, 8);
  const second = bench.start();
  await expect(end(bench, second)).rejects.toMatchObject({ code: "records-lost" });
});
