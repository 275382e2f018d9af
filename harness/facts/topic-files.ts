/** What the aggregated and the rejected topic held, in the run folder. */
import { join } from "node:path";
import { type AggregatedRows, aggregatedSpec } from "./aggregated-rows.ts";
import { readJson, writeJson } from "./json-file.ts";
import { rejectedTopicSpec } from "./rejected-rows.ts";
import type { Table } from "./table.ts";
import { readTable, writeTable } from "./table-file.ts";

export type TopicFacts = {
  readonly aggregated: AggregatedRows;
  readonly rejectedTopic: Table<typeof rejectedTopicSpec>;
  /** Whether both topics were read to the end that they had when the pipeline was at rest. */
  readonly reachedEnd: boolean;
};

type TopicsJson = {
  readonly schema: 1;
  readonly reachedEnd: boolean;
  /** [row, text] of the aggregated rows whose device is none of the plan. */
  readonly deviceTexts: readonly (readonly [number, string])[];
};

export async function writeTopicFacts(folder: string, facts: TopicFacts): Promise<void> {
  const { aggregated, rejectedTopic, reachedEnd } = facts;
  await writeTable(join(folder, "aggregated.rows"), aggregated.table);
  await writeTable(join(folder, "rejected-topic.rows"), rejectedTopic);
  const json: TopicsJson = { schema: 1, reachedEnd, deviceTexts: [...aggregated.deviceTexts] };
  await writeJson(join(folder, "topics.json"), json);
}

/** Errors: `FactsError`. */
export async function readTopicFacts(folder: string): Promise<TopicFacts> {
  const { reachedEnd, deviceTexts } = await readJson<TopicsJson>(join(folder, "topics.json"));
  const table = await readTable(join(folder, "aggregated.rows"), aggregatedSpec);
  return {
    aggregated: { table, deviceTexts: new Map(deviceTexts) },
    rejectedTopic: await readTable(join(folder, "rejected-topic.rows"), rejectedTopicSpec),
    reachedEnd,
  };
}
