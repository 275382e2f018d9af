/** The windows that an aggregation has written into its output topic, the last totals of each. */
import { readStretch } from "../../pipeline/aggregator/read-stretch.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { decodeAggregate } from "../../pipeline/contract/aggregate.ts";
import { createCommittedFilter } from "../../pipeline/kafka/read-committed.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
  type RecordView,
} from "../../pipeline/kafka/wire/record-cursor.ts";
import type { Totals, Windows } from "./compare-windows.ts";

type Written = { readonly start: number; readonly device: string; readonly totals: Totals };
export type ReadWritten = (record: RecordView) => Written;

/** Committed records only. */
export async function readWindows(
  bootstrap: string,
  topic: string,
  partitions: number,
  read: ReadWritten,
): Promise<Windows> {
  const windows = new Map<number, Map<string, Totals>>();
  const take = (record: RecordView): void => {
    const { start, device, totals } = read(record);
    const ofStart = windows.get(start) ?? new Map<string, Totals>();
    windows.set(start, ofStart.set(device, totals));
  };
  const { log, close } = await connectKafka({ bootstrap, clientId: "bench-windows", clock });
  try {
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    const ends = await log.endOffsets(topic, all, "read_committed");
    for (const [partition, until] of ends) await readPartition(log, topic, partition, until, take);
    return windows;
  } finally {
    await close();
  }
}

async function readPartition(
  log: Parameters<typeof readStretch>[0],
  topic: string,
  partition: number,
  until: number,
  take: (record: RecordView) => void,
): Promise<void> {
  const filter = createCommittedFilter();
  const record = emptyRecord();
  let position = 0;
  await readStretch(
    log,
    clock,
    { topic, partition, from: 0, until },
    (fetched) => {
      position = filter(fetched, position, (batch) => {
        for (let more = firstRecord(batch, record); more; more = nextRecord(record)) take(record);
      });
      return position;
    },
    new AbortController().signal,
  );
}

/** Degrees become hundredths again. */
export function readOurs({ bytes, valueStart, valueEnd }: RecordView): Written {
  const aggregate = decodeAggregate(bytes.subarray(valueStart, valueEnd));
  if (aggregate === undefined) throw new Error("the aggregator wrote something else");
  const { min, max, sum } = aggregate.temperature;
  return {
    start: aggregate.window.start,
    device: aggregate.device.id,
    totals: {
      count: aggregate.count,
      min: Math.round(min * 100),
      max: Math.round(max * 100),
      sum,
    },
  };
}

/**
 * Its key is the device and the window's start, its value the totals
 * (`test/peers/streams/totals.java`).
 */
export function readStreams({ bytes, keyStart, keyEnd, valueStart }: RecordView): Written {
  const startAt = keyEnd - 8;
  return {
    start: Number(bytes.readBigInt64BE(startAt)),
    device: bytes.toString("utf8", keyStart, startAt),
    totals: {
      count: bytes.readInt32BE(valueStart),
      min: bytes.readInt32BE(valueStart + 4),
      max: bytes.readInt32BE(valueStart + 8),
      sum: Number(bytes.readBigInt64BE(valueStart + 12)),
    },
  };
}
