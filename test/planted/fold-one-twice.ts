/**
 * Planted bug: in one window of one device the second reading is dropped and the first folded twice. Count and
 * revision stay right, so only sum and contributor digest can tell. The bug remembers what the aggregator reads
 * of its victim, and alters what the aggregator publishes for it.
 */

import {
  deviceHi,
  deviceLo,
  digestText,
  readingHi,
  readingLo,
} from "../../pipeline/aggregator/digest.ts";
import type { Aggregate } from "../../pipeline/contract/aggregate.ts";
import { decodeAggregate, encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import { emptyRawReading } from "../../pipeline/contract/reading.ts";
import { readReading } from "../../pipeline/contract/reading-codec.ts";
import type { FetchedPartition, Kafka } from "../../pipeline/kafka/port.ts";
import { emptyBatch, readBatch } from "../../pipeline/kafka/wire/batch-reader.ts";
import { type BatchDraft, createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { emptyRecord, firstRecord, nextRecord } from "../../pipeline/kafka/wire/record-cursor.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";

type Remembered = {
  readonly at: number;
  readonly boot: number;
  readonly seq: number;
  readonly temperature: number;
};

const stamp = {
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  transactional: false,
  timestamp: 0,
};

export function foldOneTwice(kafka: Kafka): Kafka {
  let victim: string | undefined;
  let window: number | undefined;
  const readings = new Map<number, Remembered>();

  function remember(fetched: FetchedPartition): void {
    const batch = emptyBatch();
    const record = emptyRecord();
    const raw = emptyRawReading();
    for (let at = 0; readBatch(fetched.batches, at, batch); at = batch.end) {
      if (batch.control) continue;
      for (let more = firstRecord(batch, record); more; more = nextRecord(record)) {
        if (!readReading(record.bytes, record.valueStart, record.valueEnd, raw)) continue;
        const id = Buffer.from(raw.idBytes.subarray(raw.idStart, raw.idEnd)).toString();
        victim ??= id;
        if (id !== victim || readings.has(raw.seq)) continue;
        const { at: eventAt, boot, seq, temperature } = raw;
        readings.set(seq, { at: eventAt, boot, seq, temperature });
      }
    }
  }

  function alter(draft: BatchDraft): BatchDraft {
    const copy = Buffer.from(draft.bytes.subarray(0, draft.end));
    const batch = emptyBatch();
    const record = emptyRecord();
    readBatch(stampBatch({ bytes: copy, end: draft.end, count: draft.count }, stamp), 0, batch);
    const writer = createBatchWriter(draft.end);
    for (let more = firstRecord(batch, record); more; more = nextRecord(record)) {
      const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
      const aggregate = decodeAggregate(bytes.subarray(valueStart, valueEnd));
      const value =
        aggregate?.device.id === victim && aggregate !== undefined
          ? encodeAggregate(maim(aggregate))
          : bytes.subarray(valueStart, valueEnd);
      writer.append(bytes, keyStart, keyEnd, value, 0, value.length);
    }
    return writer.take();
  }

  function maim(aggregate: Aggregate): Aggregate {
    const { start, end } = aggregate.window;
    const inWindow = [...readings.values()].filter(({ at }) => at >= start && at < end);
    const [twice, dropped] = inWindow;
    window ??= twice && dropped && twice.temperature !== dropped.temperature ? start : undefined;
    if (window !== start || twice === undefined || dropped === undefined) return aggregate;
    const sum = aggregate.temperature.sum + twice.temperature - dropped.temperature;
    const id = Buffer.from(aggregate.device.id);
    const hi = deviceHi(id, 0, id.length, 0);
    const lo = deviceLo(id, 0, id.length, 0);
    const moved = (text: string, of: (r: Remembered) => number): number =>
      (Number.parseInt(text, 16) + of(twice) - of(dropped)) | 0;
    const digest = digestText(
      moved(aggregate.digest.slice(0, 8), ({ boot, seq }) => readingHi(hi, boot, seq)),
      moved(aggregate.digest.slice(8), ({ boot, seq }) => readingLo(lo, boot, seq)),
    );
    const mean = sum / aggregate.count / 100;
    return { ...aggregate, temperature: { ...aggregate.temperature, sum, mean }, digest };
  }

  return {
    ...kafka,
    log: {
      ...kafka.log,
      async fetch(request, signal) {
        const fetched = await kafka.log.fetch(request, signal);
        if (request.topic.endsWith("thermostat.data")) fetched.forEach(remember);
        return fetched;
      },
    },
    transactions: {
      async open(id, timeoutMs, signal) {
        const producer = await kafka.transactions.open(id, timeoutMs, signal);
        return {
          ...producer,
          send: (topic, partition, draft) =>
            producer.send(
              topic,
              partition,
              topic.endsWith("temperatures.aggregated") ? alter(draft) : draft,
            ),
        };
      },
    },
  };
}
