/**
 * `consumer.override.*`: where a task begins, what it may see, how it asks; and what it tells of
 * its lag.
 */
import { expect, test } from "vitest";
import type { FetchRequest, Kafka, MembershipOptions } from "../../../../pipeline/kafka/port.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import { createTaskBench, jobConfig, topic } from "./task-bench.ts";

const reset = (how: string) => jobConfig({ "consumer.override.auto.offset.reset": how });
const devices = (prefix: string, count = 3) =>
  Array.from({ length: count }, (_, at) => aggregate(`${prefix}${at}`, 0, 1));

test("earliest reads what lies there; latest only what comes, from a first commit on", async () => {
  const bench = createTaskBench(1);
  await bench.publish(0, devices("old"));
  const first = bench.start({ config: reset("latest") });
  await bench.clock.advance(3_000);
  expect(bench.stored()).toEqual({});
  expect(await bench.committed(0)).toBe(4);
  first.stop();
  await bench.clock.runUntil(first.ended, 10_000);
  // What comes while nobody runs is not skipped by the next start.
  await bench.publish(0, devices("between"));
  bench.start({ config: reset("latest") });
  await bench.clock.advance(3_000);
  expect(Object.keys(bench.stored())).toHaveLength(3);
});

test("none stops a task that finds no committed offset, with a sentence", async () => {
  const bench = createTaskBench(2);
  const task = bench.start({ config: reset("none") });
  await expect(bench.clock.runUntil(task.ended, 10_000)).rejects.toMatchObject({
    code: "no-offset",
    message: expect.stringMatching(/partitions 0, 1: there is no committed offset/),
  });
});

test("read_uncommitted also stores what a transaction took back", async () => {
  const bench = createTaskBench(1);
  await bench.publish(0, devices("ghost"), "abort");
  bench.start({
    config: jobConfig({ "consumer.override.isolation.level": "read_uncommitted" }),
  });
  await bench.clock.advance(3_000);
  expect(Object.keys(bench.stored())).toHaveLength(3);
});

test("fetches and the membership are asked for as the config says", async () => {
  const bench = createTaskBench(1);
  const asked: FetchRequest[] = [];
  const joined: MembershipOptions[] = [];
  const spying = (kafka: Kafka): Kafka => ({
    ...kafka,
    log: {
      ...kafka.log,
      fetch: (request, signal) => {
        asked.push(request);
        return kafka.log.fetch(request, signal);
      },
    },
    groups: {
      ...kafka.groups,
      member: (options) => {
        joined.push(options);
        return kafka.groups.member(options);
      },
    },
  });
  const prefix = "consumer.override.";
  bench.start({
    wrapKafka: spying,
    slot: 7,
    config: jobConfig({
      [`${prefix}fetch.max.bytes`]: 4_096,
      [`${prefix}max.partition.fetch.bytes`]: 2_048,
      [`${prefix}fetch.min.bytes`]: 16,
      [`${prefix}fetch.max.wait.ms`]: 50,
      [`${prefix}session.timeout.ms`]: 7_000,
      [`${prefix}max.poll.interval.ms`]: 33_000,
    }),
  });
  await bench.clock.advance(1_000);
  expect(asked[0]).toMatchObject({
    maxBytes: 4_096,
    maxBytesPerPartition: 2_048,
    minBytes: 16,
    maxWaitMs: 50,
    isolation: "read_committed",
  });
  expect(joined).toMatchObject([
    { groupInstanceId: "connect-job-7", sessionTimeoutMs: 7_000, rebalanceTimeoutMs: 33_000 },
  ]);
});

test("a second task under the same name takes the first one's place, and that one says so", async () => {
  const bench = createTaskBench(2);
  const first = bench.start({ slot: 0 });
  await bench.clock.advance(5_000);
  const second = bench.start({ slot: 0 });
  await expect(bench.clock.runUntil(first.ended, 60_000)).rejects.toMatchObject({
    code: "superseded",
    message: expect.stringMatching(/one slot/),
  });
  await bench.publish(0, devices("d"));
  await bench.clock.advance(5_000);
  expect(Object.keys(bench.stored())).toHaveLength(3);
  expect(second.meter.partitions).toBe(2);
});

test("the lag is what is not stored, also while the store is down; at rest it is zero", async () => {
  const bench = createTaskBench(1);
  const task = bench.start({
    config: jobConfig({ "consumer.override.max.partition.fetch.bytes": 1_024 }),
  });
  const lag = () => task.meter.lag.get(`${topic}/0`);
  await bench.publish(0, devices("a"));
  await bench.clock.advance(3_000);
  expect(lag()).toMatchObject({ records: 0, storedAtMs: expect.any(Number) });
  bench.store.fault("down");
  for (let nth = 0; nth < 10; nth++) await bench.publish(0, devices(`b${nth}-`));
  await bench.clock.advance(30_000);
  expect(lag()?.records).toBe(40); // a marker behind each three
  const storedAtMs = lag()?.storedAtMs;
  bench.store.fault(undefined);
  await bench.clock.advance(30_000);
  expect(lag()?.records).toBe(0);
  expect(lag()?.storedAtMs).toBeGreaterThan(storedAtMs!);
});

test("a task counts what it reads, stores and commits", async () => {
  const bench = createTaskBench(1);
  await bench.publish(0, [...devices("a"), null]);
  await bench.publish(0, devices("a"));
  const task = bench.start({ config: jobConfig({ "fleetproof.null.values": "ignore" }) });
  await bench.clock.advance(3_000);
  expect(task.meter).toMatchObject({
    read: 7,
    sent: 6,
    active: 0,
    partitions: 1,
    nullsIgnored: 1,
    failures: 0,
    commits: 1,
    commitFailures: 0,
    batchSizeMax: 6,
  });
  expect(task.meter.stored + task.meter.notNewer).toBe(6);
  expect(task.meter.putMsTotal).toBeGreaterThan(0);
});
