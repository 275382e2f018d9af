/** Puts facts that are in memory whole on file as earlier versions did: columns whole, in one bucket. */
import { join } from "node:path";
import type { AuditFacts } from "../../../harness/facts/audit-facts.ts";
import { writeJson } from "../../../harness/facts/json-file.ts";
import { writeTable } from "../../../harness/facts/table-file.ts";
import type { TopicFacts } from "../../../harness/facts/topic-files.ts";
import { writeTransactionFacts } from "../../../harness/facts/transaction-files.ts";

export async function writeAuditFacts(folder: string, facts: AuditFacts): Promise<void> {
  const { windows, revisions, rejected, missing, ...json } = facts;
  await writeTable(join(folder, "windows.rows"), windows);
  await writeTable(join(folder, "revisions.rows"), revisions);
  await writeTable(join(folder, "rejected.rows"), rejected);
  await writeTable(join(folder, "missing.rows"), missing);
  await writeJson(join(folder, "audit.json"), json);
}

export async function writeTopicFacts(folder: string, facts: TopicFacts): Promise<void> {
  const { aggregated, rejectedTopic, reachedEnd, transactions } = facts;
  await writeTable(join(folder, "aggregated.rows"), aggregated.table);
  await writeTable(join(folder, "rejected-topic.rows"), rejectedTopic);
  const noted = transactions !== undefined && transactions !== "not-kept";
  if (noted) await writeTransactionFacts(folder, transactions);
  const deviceTexts = [...aggregated.deviceTexts];
  await writeJson(join(folder, "topics.json"), {
    schema: 1,
    ...{ reachedEnd, deviceTexts, transactions: noted },
  });
}
