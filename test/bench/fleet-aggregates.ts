/**
 * A fleet's aggregates as they stand in `temperatures.aggregated`: window by window, each device in
 * its own partition.
 */
import { type Aggregate, encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { partitionOf } from "../../pipeline/kafka/wire/murmur2.ts";
import { nobody } from "../pipeline/kafka/contract/contract-bench.ts";

export type AggregateFleet = {
  readonly devices: number;
  /** Windows a device; `devices` × `windows` records. */
  readonly windows: number;
  readonly partitions: number;
};

const windowMs = 300_000;
/** Start of the first window, epoch milliseconds. */
export const startMs = Date.UTC(2026, 0, 15);
const recordsPerBatch = 500;

/** In the order of event time. */
function* fleetAggregates({ devices, windows }: AggregateFleet): Generator<Aggregate> {
  for (let nth = 0; nth < windows; nth++) {
    const start = startMs + nth * windowMs;
    const end = start + windowMs;
    const day = new Date(start).toISOString().slice(0, 10);
    for (let number = 0; number < devices; number++) {
      const sum = 57_000 + ((number * 31 + nth * 7) % 6_000);
      const id = String(number).padStart(7, "0");
      yield {
        device: { id: `t-${id}`, home: `h-${id}`, model: "SLR2" },
        window: { start, end, day },
        count: 30,
        temperature: { min: 18.92, max: 20.41, mean: sum / 30 / 100, sum },
        revision: 30,
        version: end * 1000 + 30,
        digest: number.toString(16).padStart(16, "0"),
      };
    }
  }
}

/** As the aggregator does, in transactions. */
export async function publishAggregates(
  kafka: Kafka,
  topic: string,
  fleet: AggregateFleet,
  signal: AbortSignal,
): Promise<void> {
  const producer = await kafka.transactions.open(`${topic}-fill`, 60_000, signal);
  const writers = Array.from({ length: fleet.partitions }, () => createBatchWriter(256 * 1024));
  const flush = async (partition: number): Promise<void> => {
    const writer = writers[partition]!;
    if (writer.count === 0) return;
    const draft = writer.take();
    await producer.send(topic, partition, draft);
    signal.throwIfAborted();
    writer.give(draft.bytes);
  };
  for (const aggregate of fleetAggregates(fleet)) {
    const key = Buffer.from(aggregate.device.id);
    const partition = partitionOf(key, 0, key.length, fleet.partitions);
    const value = encodeAggregate(aggregate);
    writers[partition]!.append(key, 0, key.length, value, 0, value.length);
    if (writers[partition]!.count === recordsPerBatch) await flush(partition);
  }
  for (let partition = 0; partition < fleet.partitions; partition++) await flush(partition);
  await producer.commit(nobody, []);
  await producer.close();
}

/**
 * All of them, so many at a time: ready payloads of all would not fit the memory of a small
 * machine.
 */
export function* slabs(fleet: AggregateFleet, size: number): Generator<readonly Aggregate[]> {
  let slab: Aggregate[] = [];
  for (const aggregate of fleetAggregates(fleet)) {
    slab.push(aggregate);
    if (slab.length < size) continue;
    yield slab;
    slab = [];
  }
  if (slab.length > 0) yield slab;
}
