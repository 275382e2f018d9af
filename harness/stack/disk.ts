/** How much disk a run needs, with the reasons, and whether there is as much. Arithmetic first, one look at the disk last. */
import { mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { StackError } from "./stack-error.ts";

export type DiskLoad = {
  /** All that will be sent, warm-up and duplicates included. */
  readonly readings: number;
  /** Records of `temperatures.aggregated`, revisions included. */
  readonly aggregates: number;
  /** Of one encoded reading, without key and framing. */
  readonly bytesPerReading: number;
};

export type DiskNeed = {
  readonly bytes: number;
  readonly reasons: readonly { readonly what: string; readonly bytes: number }[];
};

/** Kafka's framing of a record: key, lengths, deltas, and its share of the batch header and the index. */
const kafkaRecordOverhead = 24;
/** A checkpoint may cost a tenth of the input (`design.md` section 4); compaction keeps up to two of each. */
const checkpointShare = 0.2;
/** One aggregate as JSON is 330 bytes. */
const kafkaAggregateBytes = 360;
/** 250 bytes of index and translog a document, twice while segments merge. */
const elasticsearchDocumentBytes = 1_000;
/** Commit log, memtable flush and the copy while compacting. */
const cassandraRowBytes = 600;
/** The servers as they start: system tables, internal topics, logs, a copy of Elasticsearch. */
const emptyStackBytes = 700e6;
/** What is measured above was measured on one machine. */
const margin = 1.2;

export function diskNeeded({ readings, aggregates, bytesPerReading }: DiskLoad): DiskNeed {
  const raw = readings * (bytesPerReading + kafkaRecordOverhead);
  const reasons = [
    { what: "the readings in Kafka", bytes: raw },
    { what: "the aggregator's checkpoints", bytes: raw * checkpointShare },
    { what: "the aggregates in Kafka", bytes: aggregates * kafkaAggregateBytes },
    { what: "the documents in Elasticsearch", bytes: aggregates * elasticsearchDocumentBytes },
    { what: "the rows in Cassandra", bytes: aggregates * cassandraRowBytes },
    { what: "the empty servers", bytes: emptyStackBytes },
  ].map(({ what, bytes }) => ({ what, bytes: Math.ceil(bytes * margin) }));
  return { bytes: reasons.reduce((sum, { bytes }) => sum + bytes, 0), reasons };
}

/** @throws StackError `disk-too-small`, with both numbers and the largest reasons */
export async function requireDisk(need: DiskNeed, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < need.bytes) throw new StackError("disk-too-small", diskSentence(need, free, folder));
}

export function diskSentence(need: DiskNeed, freeBytes: number, folder: string): string {
  const largest = [...need.reasons].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  const reasons = largest.map(({ what, bytes }) => `${gigabytes(bytes)} for ${what}`).join(", ");
  return (
    `The run needs about ${gigabytes(need.bytes)} of disk (${reasons}), and ${folder} has ` +
    `${gigabytes(freeBytes)} free; make room, shorten the run or name another folder with --out.`
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
