/**
 * Planted bug: a late reading opens its window anew, and a window of this one reading is published
 * as if it were all.
 * Ancestors: turbolytics/sql-flow #234 (a window published in parts).
 */
import { type Aggregate, encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { emptyRawReading, models, type RawReading } from "../../../pipeline/contract/reading.ts";
import { readReading } from "../../../pipeline/contract/reading-codec.ts";
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { createBatchWriter } from "../../../pipeline/kafka/wire/batch-writer.ts";
import type { RecordView } from "../../../pipeline/kafka/wire/record-cursor.ts";
import { eachRecord, mapAggregates, withMember } from "../aggregate-drafts.ts";
import { onSend } from "../wrap-kafka.ts";
import { isLate } from "./rejections.ts";

export function reopenLate(kafka: Kafka): Kafka {
  /** Told by what the aggregator publishes itself: late readings come after the first windows. */
  let sizeMs: number | undefined;
  let aggregated = "";
  const learning = onSend(kafka, ".temperatures.aggregated", async (sending, producer) => {
    const { topic, partition, draft } = sending;
    mapAggregates(draft, ({ window }) => {
      sizeMs = window.end - window.start;
      return [];
    });
    aggregated = topic;
    await producer.send(topic, partition, draft);
  });
  return onSend(learning, ".thermostat.data.rejected", async (sending, producer) => {
    const { topic, partition, draft } = sending;
    await producer.send(topic, partition, draft);
    if (sizeMs === undefined) return;
    const writer = createBatchWriter(draft.end);
    for (const { key, value } of partialsOf(draft, sizeMs)) {
      writer.append(key, 0, key.length, value, 0, value.length);
    }
    if (writer.count > 0) await producer.send(aggregated, partition, writer.take());
  });
}

type Partial = { readonly key: Buffer; readonly value: Uint8Array };

function partialsOf(draft: Parameters<typeof eachRecord>[0], sizeMs: number): readonly Partial[] {
  const partials: Partial[] = [];
  const reading = emptyRawReading();
  eachRecord(draft, (record: RecordView) => {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
    if (!isLate(record) || !readReading(bytes, valueStart, valueEnd, reading)) return;
    const key = Buffer.from(bytes.subarray(keyStart, keyEnd));
    partials.push({ key, value: encodeAggregate(windowOfOne(reading, sizeMs)) });
  });
  return partials;
}

function windowOfOne(reading: RawReading, sizeMs: number): Aggregate {
  const { idBytes, idStart, idEnd, homeBytes, homeStart, homeEnd, at, temperature } = reading;
  const textOf = (bytes: Uint8Array, start: number, end: number): string =>
    Buffer.from(bytes.subarray(start, end)).toString();
  const start = Math.floor(at / sizeMs) * sizeMs;
  const end = start + sizeMs;
  const degrees = temperature / 100;
  const empty: Aggregate = {
    device: {
      id: textOf(idBytes, idStart, idEnd),
      home: textOf(homeBytes, homeStart, homeEnd),
      model: models[reading.model] ?? "UNKNOWN",
    },
    window: { start, end, day: new Date(start).toISOString().slice(0, 10) },
    count: 0,
    temperature: { min: degrees, max: degrees, mean: 0, sum: 0 },
    revision: 0,
    version: end * 1000,
    digest: "0".repeat(16),
  };
  return withMember(empty, reading, 1);
}
