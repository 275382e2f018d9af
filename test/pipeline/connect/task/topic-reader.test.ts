/** Reading a topic from where the last task stopped. */
import { expect, test } from "vitest";
import { compileTopic } from "../../../../pipeline/connect/task/convert-records.ts";
import { createTopicReader } from "../../../../pipeline/connect/task/topic-reader.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import { createTaskBench, jobConfig, topic } from "./task-bench.ts";

const never = new AbortController().signal;

test("from an offset in the middle of a batch, only the records from there on are read", async () => {
  const { read } = await readerFrom(7);
  const batch = await read();
  expect(batch.writes.map(({ record }) => record.offset)).toEqual([7, 8, 9]);
  expect(batch.records).toBe(3);
  expect(batch.offsets).toEqual(new Map([[0, 11]])); // the marker of the transaction is offset 10
});

test("a topic that two statements read gives each record to both", async () => {
  const { read } = await readerFrom(8, 2);
  const batch = await read();
  expect(batch.writes.map(({ record }) => record.offset)).toEqual([8, 8, 9, 9]);
  expect(batch.records).toBe(2);
});

test("what was read once is not read again", async () => {
  const { bench, read } = await readerFrom(0);
  expect((await read()).records).toBe(10);
  await bench.publish(0, [aggregate("new", 0, 1)]);
  const batch = await read();
  expect(batch.writes.map(({ id }) => id[0])).toEqual(["new"]);
});

test("a partition that was served goes to the end of the request, so that none starves behind a backlog", async () => {
  const bench = createTaskBench(3);
  for (const partition of [0, 1, 2]) {
    for (let at = 0; at < 3; at++) await bench.publish(partition, [aggregate(`d${at}`, 0, 1)]);
  }
  const { log } = bench.kafka.connect("reader");
  const asked: number[][] = [];
  /** A broker whose answer is full after the first partition that it was asked for. */
  const narrow: typeof log = {
    ...log,
    fetch: async (request, signal) => {
      const [first] = request.positions;
      asked.push([...request.positions.keys()]);
      return log.fetch({ ...request, positions: new Map([first!]) }, signal);
    },
  };
  const from = new Map([0, 1, 2].map((partition) => [partition, 0]));
  const reader = createTopicReader({
    log: narrow,
    topic,
    from,
    convert: () => "converted",
    limits: jobConfig().consumer,
    skips: false,
  });
  for (let round = 0; round < 3; round++) {
    await bench.clock.runUntil(reader.read(never), 10_000);
  }
  expect(asked).toEqual([
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ]);
});

test("while many records are converted, others have their turn", async () => {
  const bench = createTaskBench(1);
  await bench.publish(
    0,
    Array.from({ length: 1_000 }, (_, at) => aggregate(`d${at}`, 0, 1)),
  );
  const { log } = bench.kafka.connect("reader");
  const from = new Map([[0, 0]]);
  const limits = jobConfig().consumer;
  const request = { topic, positions: from, ...limits };
  const fetched = await bench.clock.runUntil(log.fetch(request, never), 10_000);
  let turns = 0;
  const turnsSeen = new Set<number>();
  const reader = createTopicReader({
    log: { ...log, fetch: async () => fetched },
    topic,
    from,
    convert: () => {
      turnsSeen.add(turns);
      return "converted";
    },
    limits,
    skips: false,
  });
  const reading = reader.read(never);
  for (; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve));
  expect((await reading).records).toBe(1_000);
  expect(turnsSeen.size).toBe(4);
});

async function readerFrom(offset: number, statements = 1) {
  const bench = createTaskBench(1);
  await bench.publish(
    0,
    Array.from({ length: 10 }, (_, at) => aggregate(`d${at}`, 0, 1)),
  );
  const statement = `INSERT INTO temps SELECT * FROM ${topic} PK device.id, window.start`;
  const kcql = Array.from({ length: statements }, () => statement).join(";");
  const config = jobConfig({ "connect.elastic.kcql": kcql });
  const reader = createTopicReader({
    log: bench.kafka.connect("reader").log,
    topic,
    from: new Map([[0, offset]]),
    convert: compileTopic(topic, config, bench.clock.now),
    limits: config.consumer,
    skips: false,
  });
  const read = () => bench.clock.runUntil(reader.read(never), 10_000);
  return { bench, read };
}
