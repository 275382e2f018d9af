/**
 * How much disk a run needs, with the reasons, and whether there is as much. Arithmetic first, one look at each disk last.
 */
import { mkdirSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isRoot } from "./server-user.ts";
import { StackError } from "./stack-error.ts";

export type DiskLoad = {
  /** All that will be sent, warm-up and duplicates included. */
  readonly readings: number;
  /** Records of `temperatures.aggregated`, revisions included. */
  readonly aggregates: number;
  /** Of one encoded reading, without key and framing: 47 as Avro, 190 as JSON. */
  readonly bytesPerReading: number;
  /** Scans of both stores that are kept until the replays are over. */
  readonly heldScans: number;
};

type DiskReason = {
  readonly what: string;
  readonly bytes: number;
  /** Whose folder it lies in: for root, Elasticsearch's is another one. */
  readonly where: "run" | "elasticsearch";
};

export type DiskNeed = { readonly bytes: number; readonly reasons: readonly DiskReason[] };

/** Kafka's framing of a record: key, lengths, deltas, and its share of the batch header and the index. */
const kafkaRecordOverhead = 18;
/** Checkpoints cost a tenth of the input at most (`design.md` section 4), and each partition keeps two. */
const checkpointShare = 0.12;
/** Measured over 2.3 million: 309. */
const kafkaAggregateBytes = 320;
/** 190 bytes of index a document, twice while segments merge, and 360 of translog until it is flushed. */
const elasticsearchDocumentBytes = 740;
/** 250 bytes of commit log and table a row as it is written, and the copy while compacting. */
const cassandraRowBytes = 500;
/** The rows of ledger, topic and both stores, keys included, as they are judged. */
const factsRowBytes = 370;
/** Of one scan, in both stores: rows, keys and fingerprints. */
const heldRowBytes = 320;
/** The servers as they start: system tables, internal topics, logs. */
const emptyServersBytes = 300e6;
/** A copy of its files, where it runs as another user. */
const elasticsearchFilesBytes = 400e6;
/** What is measured above was measured on one machine. */
const margin = 1.2;

export function diskNeeded(load: DiskLoad): DiskNeed {
  const { readings, aggregates, bytesPerReading, heldScans } = load;
  const raw = readings * (bytesPerReading + kafkaRecordOverhead);
  const inRun = [
    ["the readings in Kafka", raw],
    ["the aggregator's checkpoints", raw * checkpointShare],
    ["the aggregates in Kafka", aggregates * kafkaAggregateBytes],
    ["the rows in Cassandra", aggregates * cassandraRowBytes],
    ["the facts of the run", aggregates * factsRowBytes],
    ["what replays are held against", aggregates * heldScans * heldRowBytes],
    ["the empty servers", emptyServersBytes],
  ] as const;
  const inElasticsearch = [
    ["the documents in Elasticsearch", aggregates * elasticsearchDocumentBytes],
    ["the files of Elasticsearch", elasticsearchFilesBytes],
  ] as const;
  const reasons = [...placed(inRun, "run"), ...placed(inElasticsearch, "elasticsearch")];
  return totalOf(reasons);
}

function placed(
  reasons: readonly (readonly [what: string, bytes: number])[],
  where: DiskReason["where"],
): readonly DiskReason[] {
  return reasons.map(([what, bytes]) => ({ what, bytes: Math.ceil(bytes * margin), where }));
}

function totalOf(reasons: readonly DiskReason[]): DiskNeed {
  return { bytes: reasons.reduce((sum, { bytes }) => sum + bytes, 0), reasons };
}

/**
 * Looks at the folder of the run and, where Elasticsearch's data lies elsewhere, at that one, too: each must have room
 * for what comes to lie in it, and one disk for both together.
 * @throws StackError `disk-too-small`, with both numbers and the largest reasons
 */
export async function requireDisk(
  need: DiskNeed,
  folder: string,
  elasticsearchFolder: string = isRoot() ? tmpdir() : folder,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (statSync(folder).dev === statSync(elasticsearchFolder).dev) {
    return await requireRoom(need, folder);
  }
  const of = (where: DiskReason["where"]): DiskNeed =>
    totalOf(need.reasons.filter((reason) => reason.where === where));
  await requireRoom(of("run"), folder);
  await requireRoom(of("elasticsearch"), elasticsearchFolder);
}

async function requireRoom(need: DiskNeed, folder: string): Promise<void> {
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
