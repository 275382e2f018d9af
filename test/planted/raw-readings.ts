/**
 * The readings of a fetch of the raw topic, and a fetch in which some of them are others, or gone.
 */
import { emptyRawReading, type RawReading } from "../../pipeline/contract/reading.ts";
import { readingWriters, readReading } from "../../pipeline/contract/reading-codec.ts";
import type { FetchedPartition } from "../../pipeline/kafka/port.ts";
import { emptyBatch, readBatch } from "../../pipeline/kafka/wire/batch-reader.ts";
import type { RecordView } from "../../pipeline/kafka/wire/record-cursor.ts";
import { type RecordFate, rewriteBatch } from "./rewrite-batch.ts";

/** A reading and where it lies; filled anew for the next one. */
export type ReadingAt = {
  readonly reading: RawReading;
  readonly id: string;
  readonly partition: number;
  readonly offset: number;
  /** Of its record batch. */
  readonly batchOffset: number;
};

/** `changed`: what `reading` holds now is what is read. */
export type ReadingFate = "keep" | "drop" | "changed";

const anyReading = 512;

/** Records that are no readings stay as they are. */
export function mapReadings(
  fetched: FetchedPartition,
  decide: (at: ReadingAt) => ReadingFate,
): FetchedPartition {
  const reading = emptyRawReading();
  const batch = emptyBatch();
  const parts: Buffer[] = [];
  const { partition } = fetched;
  const fateOf = (record: RecordView): RecordFate => {
    const { bytes, valueStart, valueEnd, offset } = record;
    if (valueEnd < 0 || !readReading(bytes, valueStart, valueEnd, reading)) return "keep";
    const id = Buffer.from(reading.idBytes.subarray(reading.idStart, reading.idEnd)).toString();
    const fate = decide({ reading, id, partition, offset, batchOffset: batch.baseOffset });
    return fate === "changed" ? encode(reading, bytes[valueStart] === jsonBegins) : fate;
  };
  for (let at = 0; readBatch(fetched.batches, at, batch); at = batch.end) {
    const isData = !batch.control;
    parts.push(
      isData ? rewriteBatch(batch, fateOf) : fetched.batches.subarray(batch.start, batch.end),
    );
  }
  return { ...fetched, batches: Buffer.concat(parts) };
}

/** Looks at each reading, and changes none. */
export function eachReading(fetched: FetchedPartition, look: (at: ReadingAt) => void): void {
  mapReadings(fetched, (at) => {
    look(at);
    return "keep";
  });
}

const jsonBegins = 0x7b;

function encode(reading: RawReading, isJson: boolean): Buffer {
  const { write } = readingWriters[isJson ? "json" : "avro"];
  const target = Buffer.alloc(reading.idEnd - reading.idStart + anyReading);
  return target.subarray(0, write(target, 0, reading));
}

/**
 * A decision about each reading that holds when its offset is fetched again, after a roll-back or
 * by a successor.
 */
export function decideOnce(decide: (at: ReadingAt) => boolean): (at: ReadingAt) => boolean {
  const decidedUntil = new Map<number, number>();
  const chosen = new Set<string>();
  return (at) => {
    const { partition, offset } = at;
    const place = `${partition}/${offset}`;
    if (offset <= (decidedUntil.get(partition) ?? -1)) return chosen.has(place);
    decidedUntil.set(partition, offset);
    const isChosen = decide(at);
    if (isChosen) chosen.add(place);
    return isChosen;
  };
}
