/** All that a judgement is made of, and the way back to it from a run folder: `fleetproof verify` needs no server. */
import { join } from "node:path";
import { plantInHarness } from "#planted";
import { createPlan, type Plan } from "../../simulator/plan.ts";
import { type AckRange, readAckRanges } from "./ack-ranges.ts";
import type { AuditFacts } from "./audit-facts.ts";
import { readAuditFacts } from "./audit-files.ts";
import { readDeadLetters } from "./dead-letter-files.ts";
import type { DeadLetterRows } from "./dead-letter-rows.ts";
import { readJson, writeJson } from "./json-file.ts";
import type { RunRecord } from "./run-record.ts";
import { type RevisionFacts, readSeenRevisions } from "./seen-revisions.ts";
import { readStoreRows, writeStoreRows } from "./store-files.ts";
import type { StoreRows } from "./store-rows.ts";
import { readTopicFacts, type TopicFacts } from "./topic-files.ts";

export type RunFacts = {
  readonly record: RunRecord;
  readonly plan: Plan;
  readonly audit: AuditFacts;
  readonly topics: TopicFacts;
  readonly acks: readonly AckRange[];
  readonly stores: readonly StoreRows[];
  /** Of the jobs that have a dead-letter topic. */
  readonly deadLetters: readonly DeadLetterRows[];
  /** What probes saw while the run went on. Absent: facts of no folder, made where nobody probes. */
  readonly seen?: RevisionFacts;
};

/** The harness's own part; audit, topics and acks were written by the observer and the workers. */
export async function writeRunRecord(folder: string, record: RunRecord): Promise<void> {
  await writeJson(join(folder, "run.json"), record);
}

export async function writeStores(folder: string, stores: Iterable<StoreRows>): Promise<void> {
  for (const rows of stores) await writeStoreRows(folder, `store-${rows.store}`, rows);
}

/** Errors: `FactsError`. */
export function readRunRecord(folder: string): Promise<RunRecord> {
  return readJson<RunRecord>(join(folder, "run.json"));
}

/** Errors: `FactsError` when anything is missing or damaged; `PlanError` for options of another version. */
export async function readRunFacts(folder: string): Promise<RunFacts> {
  const record = await readRunRecord(folder);
  return { ...(await readSeenFacts(folder, record)), ...(await readOwnFacts(folder)) };
}

/**
 * What topics and stores held when they were looked at again: `seen` is that folder, acknowledgements are in the
 * run's own. `record.stores` names the scans that are in `seen`. Errors: as `readRunFacts`.
 */
export async function readFactsSeenAgain(
  folder: string,
  seen: string,
  record: RunRecord,
): Promise<RunFacts> {
  return { ...(await readSeenFacts(seen, record)), ...(await readOwnFacts(folder)) };
}

/** What only the run itself could see. */
async function readOwnFacts(folder: string): Promise<Pick<RunFacts, "acks" | "seen">> {
  const acks = plantInHarness("acks", await readAckRanges(folder));
  return { acks, seen: await readSeenRevisions(folder) };
}

async function readSeenFacts(
  folder: string,
  record: RunRecord,
): Promise<Omit<RunFacts, "acks" | "seen">> {
  const stores: StoreRows[] = [];
  for (const name of record.stores) stores.push(await readStoreRows(folder, `store-${name}`));
  const deadLetters: DeadLetterRows[] = [];
  for (const { store } of record.deadLetters ?? []) {
    deadLetters.push(await readDeadLetters(folder, store));
  }
  return {
    record,
    plan: createPlan(record.plan),
    audit: await readAuditFacts(folder),
    topics: await readTopicFacts(folder),
    stores,
    deadLetters,
  };
}
