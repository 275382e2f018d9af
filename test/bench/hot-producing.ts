/**
 * One round of the hot path, or of another producer behind its interface: as many records as the broker takes, from
 * readings or from one record over and over.
 */
import { systemClock as clock } from "../../simulator/clock.ts";
import { createHotProducer } from "../../simulator/hot-producer.ts";
import { createKafkajsProducer, kafkajsClients } from "../../simulator/kafkajs-producer.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan } from "../../simulator/plan.ts";
import { connectProducePort } from "../../simulator/produce-port.ts";
import {
  batchMaxBytes,
  type Producer,
  recordOverheadBytes,
  type Settle,
} from "../../simulator/producer.ts";
import { usualMix } from "../prove/fleet-of.ts";

/** Appends up to `most` records for the partition; returns how many. */
export type Source = (producer: Producer, partition: number, most: number) => number;

export type ProducingRound = {
  readonly bootstrap: string;
  /** Its partitions are 0, 1, … */
  readonly topic: string;
  readonly partitions: number;
  readonly records: number;
};

/** `clientCpu`: µs a record. */
export type RoundFigures = { readonly perSecond: number; readonly clientCpu: number };

/** acks=all, idempotent. */
export async function produceHot(round: ProducingRound, source: Source): Promise<RoundFigures> {
  const { bootstrap, topic } = round;
  const port = await connectProducePort({ bootstrap, topic, clientId: topic, clock });
  return await produceThrough(round, source, (settle, partitions) =>
    createHotProducer({ port, clock, partitions, settle }),
  );
}

/**
 * What kafkajs may have unanswered: half of it under way, half collected meanwhile. Its best here; with 1,000 and with
 * 10,000 it had 15 % less, with 40,000 a third less.
 */
const kafkajsUnsettledMax = 4_000;

/** kafkajs as the simulator uses it: acks=all, idempotent, one request at a time. */
export async function produceWithKafkajs(
  round: ProducingRound,
  source: Source,
): Promise<RoundFigures> {
  const { bootstrap, topic } = round;
  const createClient = kafkajsClients({ bootstrap, topic, clientId: topic });
  const open: OpenProducer = (settle, partitions) =>
    createKafkajsProducer({ createClient, clock, partitions, settle });
  return await produceThrough(round, source, open, kafkajsUnsettledMax);
}

type OpenProducer = (settle: Settle, partitions: readonly number[]) => Promise<Producer>;

/** `unsettledMax`: records. */
async function produceThrough(
  { partitions, records }: ProducingRound,
  source: Source,
  open: OpenProducer,
  unsettledMax = Number.POSITIVE_INFINITY,
): Promise<RoundFigures> {
  const own = Array.from({ length: partitions }, (_, partition) => partition);
  let [acked, settled] = [0, 0];
  let answered = Promise.withResolvers<void>();
  const producer = await open((_partition, count, _sentAtMs, { outcome }) => {
    settled += count;
    if (outcome === "acked") acked += count;
    answered.resolve();
  }, own);
  const cpu = process.cpuUsage();
  const start = clock.monotonicMs();
  let sent = 0;
  while (sent < records) {
    const mayLeave = Math.min(records - sent, unsettledMax - (sent - settled));
    const each = Math.ceil(mayLeave / partitions);
    let appended = 0;
    for (const partition of own) {
      const room = Math.min(Math.floor(producer.room(partition) / 128), 8_192, each);
      appended += source(producer, partition, Math.min(room, mayLeave - appended));
    }
    sent += appended;
    producer.flush();
    if (appended > 0) {
      // Answers come between turns of the event loop.
      await new Promise<void>((resolve) => setImmediate(resolve));
      continue;
    }
    await answered.promise;
    answered = Promise.withResolvers();
  }
  await producer.idle();
  const seconds = (clock.monotonicMs() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await producer.close();
  if (acked !== records) throw new Error(`${acked} of ${records} records were acked`);
  return { perSecond: acked / seconds, clientCpu: (user + system) / acked };
}

/** Windows and mix of the fleet whose readings are sent. */
export const fleetMix = {
  window: {
    sizeMs: 300_000,
    graceMs: 30_000,
    retentionMs: 600_000,
    aheadMs: 3_600_000,
    quorum: 3,
  },
  mix: usualMix,
};

export const fleetDevices = 25_000;

/** What the simulator sends: generated, encoded, appended. Good for one round of `records`. */
export function readings(partitions: number, records: number): Source {
  const plan = createPlan({
    seed: 20180301,
    devices: fleetDevices,
    everyMs: 10_000,
    startAt: Date.UTC(2026, 0, 15),
    // 15 % more than are sent, because hashing fills partitions unevenly.
    loadMs: Math.ceil((1.15 * records * 10_000) / fleetDevices),
    partitions,
    format: "avro",
    ...fleetMix,
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
