/** One round of the hot path: as many records as the broker takes, from readings or from one record over and over. */
import { systemClock as clock } from "../../simulator/clock.ts";
import { createHotProducer } from "../../simulator/hot-producer.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan } from "../../simulator/plan.ts";
import { connectProducePort } from "../../simulator/produce-port.ts";
import { batchMaxBytes, type Producer, recordOverheadBytes } from "../../simulator/producer.ts";

/** Appends up to `most` records for the partition; returns how many. */
export type Source = (producer: Producer, partition: number, most: number) => number;

/** acks=all, idempotent, partitions 0, 1, …; `clientCpu` in µs a record. */
export async function produceHot(
  bootstrap: string,
  topic: string,
  partitions: number,
  records: number,
  source: Source,
): Promise<{ readonly perSecond: number; readonly clientCpu: number }> {
  const own = Array.from({ length: partitions }, (_, partition) => partition);
  const port = await connectProducePort({ bootstrap, topic, clientId: topic, clock });
  let acked = 0;
  const producer = await createHotProducer({
    port,
    clock,
    partitions: own,
    settle: (_partition, count, _sentAtMs, { outcome }) => {
      if (outcome !== "acked") throw new Error(`a batch of the benchmark ${outcome}`);
      acked += count;
    },
  });
  const cpu = process.cpuUsage();
  const start = clock.monotonicMs();
  let sent = 0;
  while (sent < records) {
    let appended = 0;
    for (const partition of own) {
      const room = Math.min(Math.floor(producer.room(partition) / 128), 8_192);
      appended += source(producer, partition, Math.min(room, records - sent - appended));
    }
    sent += appended;
    producer.flush();
    // Answers come between turns of the event loop.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  await producer.idle();
  const seconds = (clock.monotonicMs() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await producer.close();
  if (acked !== records) throw new Error(`${acked} of ${records} records were acked`);
  return { perSecond: acked / seconds, clientCpu: (user + system) / acked };
}

/** What the simulator sends: generated, encoded, appended. Good for one round of `records`. */
export function readings(partitions: number, records: number): Source {
  const plan = createPlan({
    seed: 20180301,
    devices: 25_000,
    everyMs: 10_000,
    startAt: Date.UTC(2026, 0, 15),
    // 15 % more than are sent, because hashing fills partitions unevenly.
    loadMs: Math.ceil((1.15 * records * 10_000) / 25_000),
    partitions,
    format: "avro",
    window: {
      sizeMs: 300_000,
      graceMs: 30_000,
      retentionMs: 600_000,
      aheadMs: 3_600_000,
      quorum: 3,
    },
    mix: {
      outOfOrder: 0.02,
      revising: 0.002,
      late: 0.001,
      duplicated: 0.005,
      malformed: 0.00001,
      missing: 0.001,
    },
  });
  const walks = Array.from({ length: partitions }, (_, p) => createPartitionWalk(plan, p));
  const value = new Uint8Array(plan.encodedMaxBytes);
  return (producer, partition, most) =>
    walks[partition]!.advance(
      Number.POSITIVE_INFINITY,
      (reading) => {
        const end = plan.encode(reading, value, 0);
        const { idBytes, idStart, idEnd } = reading;
        producer.append(partition, idBytes, idStart, idEnd, value, 0, end);
      },
      most,
    );
}

/** What ProducerPerformance sends with a payload file of one line: the same bytes over and over. */
export function constant(bytes: number): Source {
  const value = new Uint8Array(bytes).fill("r".charCodeAt(0));
  const fitting = Math.floor(batchMaxBytes / (bytes + recordOverheadBytes));
  return (producer, partition, most) => {
    const count = Math.min(most, fitting);
    for (let i = 0; i < count; i++) producer.append(partition, value, 0, 0, value, 0, bytes);
    return count;
  };
}
