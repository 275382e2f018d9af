/**
 * The aggregates of a batch that is about to be sent, and a batch in which some are others, more,
 * or fewer.
 */
import { digestText } from "../../harness/facts/digest-text.ts";
import { deviceHi, deviceLo, readingHi, readingLo } from "../../pipeline/aggregator/digest.ts";
import {
  type Aggregate,
  decodeAggregate,
  encodeAggregate,
} from "../../pipeline/contract/aggregate.ts";
import { emptyBatch, readBatch } from "../../pipeline/kafka/wire/batch-reader.ts";
import { type BatchDraft, createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
  type RecordView,
} from "../../pipeline/kafka/wire/record-cursor.ts";
import { stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import { plainStamp } from "../pipeline/kafka/wire/plain-stamp.ts";

/** The records of an unsent batch, one view after the other. */
export function eachRecord(draft: BatchDraft, look: (record: RecordView) => void): void {
  const { end, count } = draft;
  const bytes = Buffer.from(draft.bytes.subarray(0, end));
  const batch = emptyBatch();
  const record = emptyRecord();
  readBatch(stampBatch({ bytes, end, count }, plainStamp), 0, batch);
  for (let more = firstRecord(batch, record); more; more = nextRecord(record)) look(record);
}

/** A batch without aggregates is undefined: brokers refuse it. */
export function mapAggregates(
  draft: BatchDraft,
  map: (aggregate: Aggregate) => readonly Aggregate[],
): BatchDraft | undefined {
  const writer = createBatchWriter(draft.end);
  eachRecord(draft, ({ bytes, keyStart, keyEnd, valueStart, valueEnd }) => {
    const aggregate = decodeAggregate(bytes.subarray(valueStart, valueEnd));
    for (const each of aggregate === undefined ? [] : map(aggregate)) {
      const value = encodeAggregate(each);
      writer.append(bytes, keyStart, keyEnd, value, 0, value.length);
    }
  });
  return writer.count === 0 ? undefined : writer.take();
}

/** What of a reading counts in its window. */
export type Member = {
  readonly boot: number;
  readonly seq: number;
  /** Hundredths of a degree. */
  readonly temperature: number;
};

/** The aggregate with the reading folded in once more (1) or once less (-1). Extremes stay. */
export function withMember(aggregate: Aggregate, member: Member, times: 1 | -1): Aggregate {
  const { device, temperature, window } = aggregate;
  const { boot, seq } = member;
  const id = Buffer.from(device.id);
  const hi = readingHi(deviceHi(id, 0, id.length, 0), boot, seq);
  const lo = readingLo(deviceLo(id, 0, id.length, 0), boot, seq);
  const moved = (text: string, by: number): number => (Number.parseInt(text, 16) + times * by) | 0;
  const count = aggregate.count + times;
  const sum = temperature.sum + times * member.temperature;
  return {
    ...aggregate,
    count,
    temperature: { ...temperature, sum, mean: sum / count / 100 },
    revision: count,
    version: window.end * 1000 + count,
    digest: digestText(
      moved(aggregate.digest.slice(0, 8), hi),
      moved(aggregate.digest.slice(8), lo),
    ),
  };
}
