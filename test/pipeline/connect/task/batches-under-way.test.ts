/** Two batches are written at a time; what follows a write keeps the order of the batches. */
import { expect, test } from "vitest";
import {
  failed,
  retriable,
  type Sink,
  stored,
  type WriteResult,
} from "../../../../pipeline/sinks/sink.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import { oneBatchAFetch, publishBatches } from "./small-fetches.ts";
import { createTaskBench, deadLetterTopic, jobConfig } from "./task-bench.ts";

const no = new Error("no");
const later = retriable(no);

test("the store works on the next batch while one is answered, and on no third", async () => {
  const { answer, begun, task, committed } = await threeBatches();
  expect(begun()).toEqual(["a", "b"]);
  expect(task.meter.active).toBe(2);
  await answer("b", stored);
  expect(await committed()).toBe(0);
  expect(begun()).toEqual(["a", "b"]);
  await answer("a", stored);
  expect(begun()).toEqual(["a", "b", "c"]);
  expect(await committed()).toBeGreaterThan(0);
  await answer("c", stored);
  expect(await committed()).toBe(3);
  expect(task.meter).toMatchObject({ read: 3, sent: 3, stored: 3, active: 0, puts: 3 });
});

test("after a batch that failed nothing is noted, skipped or sent to the dead letters", async () => {
  const { bench, answer, task, committed } = await threeBatches({ "errors.tolerance": "all" });
  await answer("b", failed(no));
  expect(await bench.deadLetters()).toEqual([]);
  await answer("a", later, later);
  await expect(task.ended).rejects.toMatchObject({ code: "retries-exhausted", record: at(0) });
  expect(await committed()).toBe(0);
  expect(await bench.deadLetters()).toEqual([]);
  expect(task.meter).toMatchObject({ skipped: 0, failures: 1 });
});

test("a batch that fails first waits its turn: the one before it is stored and committed", async () => {
  const { answer, begun, task, committed, isOver } = await threeBatches();
  await answer("b", failed(no));
  expect(await isOver()).toBe(false);
  await answer("a", later, stored);
  await expect(task.ended).rejects.toMatchObject({ code: "write-refused", record: at(1) });
  expect(begun()).toEqual(["a", "b"]);
  expect(await committed()).toBe(1);
});

test("when both fail, the first is the error that is told, and the other is in the log", async () => {
  const { bench, answer, task } = await threeBatches();
  await answer("b", failed(no));
  await answer("a", failed(no));
  await expect(task.ended).rejects.toMatchObject({ code: "write-refused", record: at(0) });
  const told = bench.messages.filter((message) => message.startsWith("a later batch failed, too"));
  expect(told).toHaveLength(1);
  expect(task.meter).toMatchObject({ failures: 1, active: 0 });
});

test("a task whose first batch failed does not wait for ever for the second", async () => {
  const { bench, answer, task } = await threeBatches();
  await answer("a", failed(no));
  const beforeMs = bench.clock.monotonicMs();
  await expect(bench.clock.runUntil(task.ended, 60_000)).rejects.toMatchObject({ record: at(0) });
  expect(bench.clock.monotonicMs() - beforeMs).toBeLessThan(6_000);
  expect(task.meter.active).toBe(0);
});

test("what is skipped goes to the dead letters in the order of the batches", async () => {
  const { bench, answer, committed } = await threeBatches({
    "connect.elastic.error.policy": "NOOP",
  });
  await answer("b", failed(no));
  await answer("a", failed(no));
  await answer("c", stored);
  const letters = await bench.deadLetters();
  expect(letters.map(({ headers }) => headers["__connect.errors.offset"])).toEqual(["0", "1"]);
  expect(await committed()).toBe(3);
});

test("a pause and a stop let both be finished and committed; no other is begun", async () => {
  for (const how of ["pause", "stop"] as const) {
    const { answer, begun, task, committed } = await threeBatches();
    if (how === "pause") task.pause.pause();
    else task.stop();
    await answer("b", stored);
    await answer("a", stored);
    expect(begun()).toEqual(["a", "b"]);
    expect(await committed()).toBe(2);
  }
});

test("what merges has no versions: one batch at a time, in the order of the log", async () => {
  const { answer, begun } = await threeBatches({
    "fleetproof.kcql.mode": "compat",
    "connect.elastic.kcql":
      "UPSERT INTO temps SELECT * FROM run.temperatures.aggregated PK device.id",
  });
  expect(begun()).toEqual(["a"]);
  await answer("a", stored);
  expect(begun()).toEqual(["a", "b"]);
});

const at = (offset: number) => ({ partition: 0, offset });

/** Batches of one record each, of the devices a, b and c, and a store that answers when told to. */
async function threeBatches(changes: Record<string, string | number> = {}) {
  const bench = createTaskBench(1);
  await publishBatches(
    bench,
    ["a", "b", "c"].map((device) => [aggregate(device, 0, 1)]),
  );
  const begun: string[] = [];
  const answers = new Map<string, (result: WriteResult) => void>();
  const wrap = (sink: Sink): Sink => ({
    ...sink,
    write: async ([write], signal) => {
      const device = String(write!.id[0]);
      if (!begun.includes(device)) begun.push(device);
      const { promise, resolve } = Promise.withResolvers<WriteResult>();
      answers.set(device, resolve);
      signal.addEventListener("abort", () => resolve(later), { once: true });
      return [await promise];
    },
  });
  const task = bench.start({
    wrap,
    wrapKafka: oneBatchAFetch,
    config: jobConfig({
      "connect.elastic.max.retries": 1,
      "errors.deadletterqueue.topic.name": deadLetterTopic,
      ...changes,
    }),
  });
  await bench.clock.advance(1_000);
  return {
    bench,
    task,
    begun: () => begun,
    committed: async () => {
      await bench.clock.advance(1_500); // a fetch without news, then a commit that is due
      return await bench.committed(0);
    },
    isOver: async () => {
      const over = task.ended.then(
        () => true,
        () => true,
      );
      await bench.clock.settle();
      return await Promise.race([over, Promise.resolve(false)]);
    },
    /** To each attempt at this device's record one of the results. */
    answer: async (device: string, ...results: readonly WriteResult[]) => {
      for (const result of results) {
        answers.get(device)!(result);
        await bench.clock.advance(150); // past the interval of a retry
      }
    },
  };
}
