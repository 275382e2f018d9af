/**
 * Dead letters: the record as it came, what happened to it, and never an offset that is ahead of
 * them.
 */
import { expect, test } from "vitest";
import { type Kafka, KafkaError, type Producer } from "../../../../pipeline/kafka/port.ts";
import { failed, type Sink } from "../../../../pipeline/sinks/sink.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import { createTaskBench, deadLetterTopic, jobConfig, topic } from "./task-bench.ts";

const skipping = (changes: Record<string, string | number> = {}) =>
  jobConfig({
    "connect.elastic.error.policy": "NOOP",
    "errors.deadletterqueue.topic.name": deadLetterTopic,
    ...changes,
  });

/** Producers whose batches end as `send` says. */
const sendingBy =
  (send: (producer: Producer) => Producer["send"]) =>
  (kafka: Kafka): Kafka => ({
    ...kafka,
    openProducer: async (signal) => {
      const producer = await kafka.openProducer(signal);
      return { ...producer, send: send(producer) };
    },
  });

test("a dead letter is the record as it came, with Connect's headers behind its own", async () => {
  const bench = createTaskBench(3);
  const headers = [
    { key: "trace", value: Buffer.from("abc") },
    { key: "empty", value: null },
  ];
  await bench.publish(2, [{ key: null, json: "not json", headers }, aggregate("d", 0, 1)]);
  const sentMs = bench.clock.now();
  const task = bench.start({ config: skipping(), slot: 4 });
  await bench.clock.advance(2_000);
  const [letter, ...more] = await bench.deadLetters();
  expect(more).toEqual([]);
  expect(letter).toEqual({
    partition: 2,
    key: null,
    value: "not json",
    timestampMs: expect.any(Number),
    headers: {
      trace: "abc",
      empty: null,
      "__connect.errors.topic": topic,
      "__connect.errors.partition": "2",
      "__connect.errors.offset": "0",
      "__connect.errors.connector.name": "job",
      "__connect.errors.task.id": "4",
      "__connect.errors.stage": "VALUE_CONVERTER",
      "__connect.errors.class.name": "org.apache.kafka.connect.json.JsonConverter",
      "__connect.errors.exception.class.name": "fleetproof.UnfitRecordError",
      "__connect.errors.exception.message": "its value is no JSON object",
      "__connect.errors.exception.stacktrace":
        "UnfitRecordError: its value is no JSON object (unfit-record)",
    },
  });
  expect(Math.abs(letter!.timestampMs - sentMs)).toBeLessThan(1_000);
  expect(bench.clock.now() - letter!.timestampMs).toBeGreaterThan(1_000); // not that of the copy
  expect(task.meter.lastErrorAtMs).toBeGreaterThanOrEqual(sentMs);
});

test("a topic that is there is used as it is, whatever its partitions", async () => {
  const bench = createTaskBench(3);
  bench.kafka.createTopic(deadLetterTopic, 2);
  for (const partition of [0, 1, 2]) await bench.publish(partition, [`bad in ${partition}`]);
  bench.start({ config: skipping() });
  await bench.clock.advance(2_000);
  const letters = await bench.deadLetters();
  expect(letters.map(({ partition, value }) => [partition, value]).toSorted()).toEqual([
    [0, "bad in 0"],
    [0, "bad in 2"],
    [1, "bad in 1"],
  ]);
});

test("without the context headers a dead letter has its own only, and a task without a topic none", async () => {
  const bench = createTaskBench(1);
  await bench.publish(0, ["not json"]);
  const plain = skipping({ "errors.deadletterqueue.context.headers.enable": "false" });
  const first = bench.start({ config: plain });
  await bench.clock.advance(2_000);
  first.stop();
  await bench.clock.runUntil(first.ended, 10_000);
  expect((await bench.deadLetters())[0]?.headers).toEqual({});
  await bench.publish(0, ["not json either"]);
  const second = bench.start({ config: skipping({ "errors.deadletterqueue.topic.name": "" }) });
  await bench.clock.advance(2_000);
  expect(second.meter).toMatchObject({ skipped: 1, deadLetters: 0 });
  expect(await bench.deadLetters()).toHaveLength(1);
});

test("a store that refuses everything leaves every record among the dead letters, in order", async () => {
  const bench = createTaskBench(1);
  const devices = Array.from({ length: 300 }, (_, at) => aggregate(`d${at}`, 0, 1));
  await bench.publish(0, devices);
  const refusing = (sink: Sink): Sink => ({
    ...sink,
    write: async (batch) => batch.map(() => failed(new Error("x".repeat(20_000)))),
  });
  const task = bench.start({ config: skipping(), wrap: refusing });
  await bench.clock.advance(10_000);
  const letters = await bench.deadLetters();
  expect(letters.map(({ headers }) => headers["__connect.errors.offset"])).toEqual(
    devices.map((_, at) => String(at)),
  );
  expect(letters[0]?.headers["__connect.errors.exception.message"]).toHaveLength(8 * 1024 + 1);
  expect(await bench.committed(0)).toBe(301);
  expect(task.meter.deadLetters).toBe(300);
});

test("while the dead letter is not in Kafka nothing past its record is committed", async () => {
  const bench = createTaskBench(1);
  await bench.publish(0, [aggregate("d0", 0, 1), "not json", aggregate("d1", 0, 1)]);
  let isDown = true;
  const down = () => Promise.reject(new KafkaError("unavailable", "down", { definite: false }));
  const task = bench.start({
    config: skipping(),
    wrapKafka: sendingBy(
      ({ send }) =>
        (...batch) =>
          isDown ? down() : send(...batch),
    ),
  });
  await bench.clock.advance(20_000);
  expect(await bench.committed(0)).toBe(0);
  expect(task.meter.deadLetterFailures).toBeGreaterThan(3);
  expect(task.meter.skipped).toBe(0);
  isDown = false;
  await bench.clock.advance(40_000);
  expect(await bench.committed(0)).toBe(4);
  expect(await bench.deadLetters()).toHaveLength(1);
  expect(task.meter.skipped).toBe(1);
});

test("a dead letter that Kafka will not take stops the task: nothing is skipped silently", async () => {
  const bench = createTaskBench(1);
  await bench.publish(0, [aggregate("d0", 0, 1), "not json"]);
  const refused = new KafkaError("refused", "MESSAGE_TOO_LARGE", { definite: true });
  const task = bench.start({
    config: skipping(),
    wrapKafka: sendingBy(() => () => Promise.reject(refused)),
  });
  await expect(bench.clock.runUntil(task.ended, 10_000)).rejects.toMatchObject({
    code: "dead-letter-failed",
    record: { offset: 1 },
  });
  expect(await bench.committed(0)).toBe(0);
  expect(task.meter.skipped).toBe(0);
});

for (const [crashAt, offsetsSent] of [
  ["before-dead-letters", ["1"]],
  ["after-dead-letters", ["1", "1"]],
] as const) {
  test(`a crash ${crashAt} may repeat one, and loses none`, async () => {
    const bench = createTaskBench(1);
    await bench.publish(0, [aggregate("d0", 0, 1), "not json"]);
    const first = bench.start({ config: skipping(), crashAt });
    await expect(bench.clock.runUntil(first.ended, 10_000)).rejects.toMatchObject({
      code: "crash",
    });
    const second = bench.start({ config: skipping() });
    await bench.clock.advance(30_000);
    second.stop();
    await bench.clock.runUntil(second.ended, 10_000);
    const offsets = (await bench.deadLetters()).map(
      ({ headers }) => headers["__connect.errors.offset"],
    );
    expect(offsets).toEqual(offsetsSent);
    expect(await bench.committed(0)).toBe(3);
  });
}

test("each failure is logged when asked for, with its coordinates only when asked for those, too", async () => {
  const entries = async (log: Record<string, string>) => {
    const bench = createTaskBench(1);
    await bench.publish(0, ["not json"]);
    const task = bench.start({ config: skipping(log) });
    await bench.clock.advance(1_000);
    const lines = bench.messages.filter((line) => line.startsWith("a record failed"));
    expect(task.meter.errorsLogged).toBe(lines.length);
    return lines;
  };
  expect(await entries({})).toEqual([]);
  const [short] = await entries({ "errors.log.enable": "true" });
  expect(short).toMatch(/VALUE_CONVERTER.*skipped.*no JSON object/);
  expect(short).not.toMatch(/offset/);
  const both = { "errors.log.enable": "true", "errors.log.include.messages": "true" };
  expect((await entries(both))[0]).toMatch(/"partition":0,"offset":0,"timestamp":\d+/);
});
