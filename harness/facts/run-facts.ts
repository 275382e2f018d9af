/**
 * All that a judgement is made of, and the way back to it from a run folder: `fleetproof verify` needs no server. The
 * rows are read a bucket at a time, so that a run of any length can be judged.
 */
import { join } from "node:path";
import { plantInHarness } from "#planted";
import { createPlan, type Plan } from "../../simulator/plan.ts";
import { type AckRange, readAckRanges } from "./ack-ranges.ts";
import type { AuditEnd, AuditTables } from "./audit-facts.ts";
import { openAuditFacts } from "./audit-files.ts";
import type { BucketPlace } from "./buckets.ts";
import { readDeadLetters } from "./dead-letter-files.ts";
import type { DeadLetterRows } from "./dead-letter-rows.ts";
import { FactsError } from "./facts-error.ts";
import { readJson, writeJson } from "./json-file.ts";
import type { RunRecord } from "./run-record.ts";
import { type RevisionFacts, readSeenRevisions } from "./seen-revisions.ts";
import { openStoredScan, type StoredScan } from "./store-files.ts";
import type { StoreRows } from "./store-rows.ts";
import { openTopicFacts, type TopicEnd, type TopicFacts } from "./topic-files.ts";

/** What is known of a run as a whole: small beside its rows. */
export type WholeFacts = {
  readonly record: RunRecord;
  readonly plan: Plan;
  readonly audit: AuditEnd;
  readonly topics: TopicEnd;
  readonly acks: readonly AckRange[];
  /** Of the jobs that have a dead-letter topic. */
  readonly deadLetters: readonly DeadLetterRows[];
  /** What probes saw while the run went on. Absent: facts of no folder, made where nobody probes. */
  readonly seen?: RevisionFacts;
};

/** The same with the rows: all of them, or those of one bucket. */
export type RunFacts = WholeFacts & {
  readonly audit: AuditEnd & AuditTables;
  readonly topics: TopicFacts;
  readonly stores: readonly StoreRows[];
  /** Absent: all rows are here. */
  readonly bucket?: BucketPlace;
};

export type BucketedFacts = {
  readonly whole: WholeFacts;
  readonly buckets: number;
  /** Reads the rows of one; nothing is kept of it here. Errors: `FactsError`. */
  readonly read: (bucket: number) => RunFacts;
};

/** The harness's own part; audit, topics and acks were written by the observer and the workers. */
export async function writeRunRecord(folder: string, record: RunRecord): Promise<void> {
  await writeJson(join(folder, "run.json"), record);
}

/** Errors: `FactsError`. */
export function readRunRecord(folder: string): Promise<RunRecord> {
  return readJson<RunRecord>(join(folder, "run.json"));
}

/** Errors: `FactsError` when anything is missing or damaged; `PlanError` for options of another version. */
export async function readRunFacts(folder: string): Promise<BucketedFacts> {
  return openFacts(folder, folder, await readRunRecord(folder));
}

/**
 * What topics and stores held when they were looked at again: `seen` is that folder, acknowledgements are in the
 * run's own. `record.stores` names the scans that are in `seen`. Errors: as `readRunFacts`.
 */
export function readFactsSeenAgain(
  folder: string,
  seen: string,
  record: RunRecord,
): Promise<BucketedFacts> {
  return openFacts(folder, seen, record);
}

/** `own`: what only the run itself could see. `folder`: what topics and stores held. */
async function openFacts(own: string, folder: string, record: RunRecord): Promise<BucketedFacts> {
  const audit = await openAuditFacts(folder);
  const topics = await openTopicFacts(folder);
  const stores: StoredScan[] = [];
  for (const name of record.stores) stores.push(await openStoredScan(folder, `store-${name}`));
  const deadLetters: DeadLetterRows[] = [];
  for (const { store } of record.deadLetters ?? []) {
    deadLetters.push(await readDeadLetters(folder, store));
  }
  const { buckets: many } = audit;
  if ([topics, ...stores].some(({ buckets }) => buckets !== many)) {
    throw new FactsError("the facts of ledger, topics and stores are not divided alike");
  }
  const whole: WholeFacts = {
    record,
    plan: createPlan(record.plan),
    audit: audit.end,
    topics: topics.end,
    acks: plantInHarness("acks", await readAckRanges(own)),
    deadLetters,
    seen: await readSeenRevisions(own),
  };
  return {
    whole,
    buckets: many,
    read: (nth) => ({
      ...whole,
      audit: { ...audit.end, ...audit.read(nth) },
      topics: topics.read(nth),
      stores: stores.map((store) => store.read(nth)),
      bucket: { nth, many },
    }),
  };
}
