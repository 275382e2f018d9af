/** The aggregator on Kafka in memory and virtual time: a raw topic to feed, instances to start, stop and crash. */
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { createMemoryKafka, type MemoryClient } from "../../../harness/simulation/memory-kafka.ts";
import type { AggregatorConfig } from "../../../pipeline/aggregator/config.ts";
import { type AggregatorOptions, runAggregator } from "../../../pipeline/aggregator/loop.ts";
import { partitionOf } from "../../../pipeline/kafka/wire/murmur2.ts";
import { stampBatch } from "../../../pipeline/kafka/wire/stamp-batch.ts";
import { committedContent } from "./committed-content.ts";
import { configOf, smallWindows } from "./folded.ts";
import { draftOf, type RawRecord, recordOf, type TestReading } from "./raw-records.ts";

export const partitions = 2;

/** Virtual milliseconds after which a test has hung. */
const limitMs = 600_000;

export type Instance = {
  readonly client: MemoryClient;
  readonly done: Promise<void>;
  /** As SIGTERM. */
  readonly stop: () => void;
};

export type Logged = { readonly partition: number; readonly records: readonly RawRecord[] };

export function createWorld(settings: Partial<AggregatorConfig> = {}) {
  const config = { ...configOf(smallWindows), ...settings };
  const clock = createVirtualClock(Date.UTC(2026, 0, 15));
  const { raw, aggregated, rejected, checkpoints } = config.topics;
  const topics = Object.fromEntries(
    [raw, aggregated, rejected, checkpoints].map((name) => [name, partitions]),
  );
  const broker = createMemoryKafka({ clock, topics });
  const identity = broker.initProducer();
  const sequences = new Map<number, number>();
  const observer = broker.connect("observer");
  const all = Array.from({ length: partitions }, (_, index) => index);
  const never = new AbortController().signal;

  /** Appends one batch to the raw topic. */
  function append({ partition, records }: Logged): void {
    const baseSequence = sequences.get(partition) ?? 0;
    const stamp = { ...identity, baseSequence, transactional: false, timestamp: clock.now() };
    broker.append(raw, partition, stampBatch(draftOf(records), stamp));
    sequences.set(partition, baseSequence + records.length);
  }

  /** Appends the batches one after the other, `everyMs` apart. */
  async function feed(batches: readonly Logged[], everyMs: number): Promise<void> {
    for (const batch of batches) {
      append(batch);
      await clock.sleep(everyMs);
    }
  }

  function start(slot: number, options: Partial<AggregatorOptions> = {}): Instance {
    const client = broker.connect(`aggregator-${slot}`);
    const ending = new AbortController();
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const { signal } = ending;
    const done = runAggregator({ kafka: client, config, clock, log, slot, signal, ...options });
    done.catch(quiet);
    return { client, done, stop: () => ending.abort(new Error("SIGTERM")) };
  }

  /** Resolves when the group has committed everything that lies in the raw topic. */
  async function drained(): Promise<void> {
    for (;;) {
      const ends = await observer.log.endOffsets(raw, all, "read_uncommitted");
      const committed = await observer.groups.committed(config.group, raw, all, never);
      if (all.every((p) => (committed.get(p)?.offset ?? 0) === ends.get(p))) return;
      await clock.sleep(50);
    }
  }

  function content(topic: string): Promise<string[][]> {
    return committedContent(observer.log, clock, topic, all);
  }

  return {
    config,
    clock,
    broker,
    observer,
    append,
    feed,
    start,
    drained,
    content,
    run: <T>(work: Promise<T>): Promise<T> => clock.runUntil(work, limitMs),
    close: () => broker.close(),
  };
}

export type World = ReturnType<typeof createWorld>;

const quiet = (): void => undefined;

/** The readings as batches of their own partitions, in order, at most `most` records each. */
export function batchesOf(readings: readonly TestReading[], most: number): Logged[] {
  const open = new Map<number, RawRecord[]>();
  const batches: Logged[] = [];
  for (const reading of readings) {
    const key = Buffer.from(reading.device);
    const partition = partitionOf(key, 0, key.length, partitions);
    const records = open.get(partition) ?? [];
    open.set(partition, records);
    records.push(recordOf(reading));
    if (records.length < most) continue;
    batches.push({ partition, records });
    open.delete(partition);
  }
  for (const [partition, records] of open) batches.push({ partition, records });
  return batches;
}

/**
 * A small fleet: 12 devices, a reading every 10 ms of event time over ten windows, some of it doubled, some late
 * enough to revise or to be refused, one device in 2038, one malformed record.
 */
export function smallFleet(): Logged[] {
  const readings: TestReading[] = [];
  for (let seq = 0; seq < 100; seq++) {
    for (let number = 0; number < 12; number++) {
      const device = `t-${number}`;
      const at = seq * 10 + (number % 5);
      const temperature = 1900 + ((seq * 7 + number * 13) % 200);
      const reading = { device, seq, at, temperature };
      if ((seq + number) % 17 === 0 && seq > 20) readings.push({ ...reading, at: at - 150 });
      else if ((seq + number) % 29 === 0 && seq > 50) readings.push({ ...reading, at: at - 450 });
      else readings.push(reading);
      if ((seq * 3 + number) % 23 === 0) readings.push(reading);
    }
    if (seq === 40) readings.push({ device: "t-2038", seq: 0, at: 2_147_483_647_000 });
  }
  const batches = batchesOf(readings, 20);
  const malformed = { key: Buffer.from("t-0"), value: Buffer.from("not a reading") };
  const [first, ...rest] = batches;
  return [first!, { partition: first!.partition, records: [malformed] }, ...rest];
}
