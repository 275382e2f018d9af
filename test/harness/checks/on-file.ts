/** A history put on file as a run does, its rows in as many buckets as a test wants. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openAuditFiles } from "../../../harness/facts/audit-files.ts";
import { type Buckets, createBuckets } from "../../../harness/facts/buckets.ts";
import { writeDeadLetters } from "../../../harness/facts/dead-letter-files.ts";
import { type RunFacts, writeRunRecord } from "../../../harness/facts/run-facts.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { openTopicFiles } from "../../../harness/facts/topic-files.ts";
import { createRawAuditTo } from "../../../harness/observe/raw-audit.ts";
import { writeStores } from "../facts/write-stores.ts";
import { at, type History, plan, span } from "./history.ts";

/** `facts`: of this history; topics and stores may have been bent since. Returns the folder. */
export async function onFile(history: History, facts: RunFacts, many: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fleetproof-buckets-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const buckets = createBuckets(many, plan.allDevices);
  await writeAudit(folder, history, buckets);
  await writeTopics(folder, facts, buckets);
  await writeStores(folder, facts.stores, buckets);
  for (const letters of facts.deadLetters) await writeDeadLetters(folder, letters);
  const deadLetters = facts.deadLetters.map(({ store, topic }) => ({ store, topic }));
  await writeRunRecord(folder, { ...facts.record, deadLetters });
  const lines = facts.acks.map((range) => `${JSON.stringify(range)}\n`);
  await writeFile(join(folder, "acks-0.ndjson"), lines.join(""));
  return folder;
}

async function writeAudit(folder: string, history: History, buckets: Buckets): Promise<void> {
  const files = openAuditFiles(folder, buckets);
  const audit = createRawAuditTo({ plan, span, digestKey: [0, 0], topic: "raw" }, files);
  audit.cut(history.cutAt);
  for (const [partition, records] of history.log.entries()) {
    for (const [offset, record] of records.entries()) audit.push(partition, at(record, offset));
  }
  await files.end(audit.finish(history.rawReachedEnd));
}

async function writeTopics(folder: string, { topics }: RunFacts, buckets: Buckets): Promise<void> {
  const files = openTopicFiles(folder, buckets);
  const { table, deviceTexts } = topics.aggregated;
  for (let row = 0; row < table.length; row++) {
    files.aggregated.add(rowOf(table, row), deviceTexts.get(row));
  }
  const { rejectedTopic, reachedEnd, transactions = "not-kept" } = topics;
  for (let row = 0; row < rejectedTopic.length; row++) {
    files.rejectedTopic.add(rowOf(rejectedTopic, row));
  }
  await files.end({ reachedEnd, transactions });
}
