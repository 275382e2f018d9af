/** What the aggregated and the rejected topic held, in the run folder. */
import { join } from "node:path";
import { type AggregatedRows, aggregatedSpec } from "./aggregated-rows.ts";
import { readJson, writeJson } from "./json-file.ts";
import { rejectedTopicSpec } from "./rejected-rows.ts";
import type { Table } from "./table.ts";
import { readTable, writeTable } from "./table-file.ts";
import { readTransactionFacts, writeTransactionFacts } from "./transaction-files.ts";
import type { TransactionFacts } from "./transaction-rows.ts";

export type TopicFacts = {
  readonly aggregated: AggregatedRows;
  readonly rejectedTopic: Table<typeof rejectedTopicSpec>;
  /** Whether both topics were read to the end that they had when the pipeline was at rest. */
  readonly reachedEnd: boolean;
  /** `not-kept`: the folder is of a version that noted none. Absent: facts of no folder, where nobody notes any. */
  readonly transactions?: TransactionFacts | "not-kept";
};

type TopicsJson = {
  readonly schema: 1;
  readonly reachedEnd: boolean;
  /** [row, text] of the aggregated rows whose device is none of the plan. */
  readonly deviceTexts: readonly (readonly [number, string])[];
  /** Whether the transactions are on file, too. Absent in folders of earlier versions. */
  readonly transactions?: boolean;
};

export async function writeTopicFacts(folder: string, facts: TopicFacts): Promise<void> {
  const { aggregated, rejectedTopic, reachedEnd, transactions } = facts;
  const noted = transactions !== undefined && transactions !== "not-kept";
  await writeTable(join(folder, "aggregated.rows"), aggregated.table);
  await writeTable(join(folder, "rejected-topic.rows"), rejectedTopic);
  if (noted) await writeTransactionFacts(folder, transactions);
  const deviceTexts = [...aggregated.deviceTexts];
  const json: TopicsJson = { schema: 1, reachedEnd, deviceTexts, transactions: noted };
  await writeJson(join(folder, "topics.json"), json);
}

/** Errors: `FactsError`. */
export async function readTopicFacts(folder: string): Promise<TopicFacts> {
  const json = await readJson<TopicsJson>(join(folder, "topics.json"));
  const { reachedEnd, deviceTexts, transactions: noted = false } = json;
  const table = await readTable(join(folder, "aggregated.rows"), aggregatedSpec);
  return {
    aggregated: { table, deviceTexts: new Map(deviceTexts) },
    rejectedTopic: await readTable(join(folder, "rejected-topic.rows"), rejectedTopicSpec),
    reachedEnd,
    transactions: noted ? await readTransactionFacts(folder) : "not-kept",
  };
}
