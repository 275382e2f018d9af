/** What the aggregated and the rejected topic held, in the run folder. The rows are written as they are read. */
import { join } from "node:path";
import { createAggregatedFile, type DeviceTexts, openAggregatedFile } from "./aggregated-files.ts";
import type { AggregatedBuckets, AggregatedRows, AggregatedSink } from "./aggregated-rows.ts";
import type { Buckets } from "./buckets.ts";
import { FactsError } from "./facts-error.ts";
import { createFirstOffsets, type FirstOffsets } from "./first-offsets.ts";
import { readJson, writeJson } from "./json-file.ts";
import { rejectedTopicSpec } from "./rejected-rows.ts";
import type { Table } from "./table.ts";
import { openTable } from "./table-file.ts";
import type { RowSink } from "./table-sink.ts";
import { createTableWriter } from "./table-writer.ts";
import { readTransactionFacts, writeTransactionFacts } from "./transaction-files.ts";
import type { TransactionFacts } from "./transaction-rows.ts";

/** What is known at the end only, and is small. */
export type TopicEnd = {
  /** Whether both topics were read to the end that they had when the pipeline was at rest. */
  readonly reachedEnd: boolean;
  /** `not-kept`: the folder is of a version that noted none. Absent: facts of no folder, where nobody notes any. */
  readonly transactions?: TransactionFacts | "not-kept";
  /** Absent: the rows are those of the whole topic, and show it. */
  readonly firstOffsets?: FirstOffsets;
};

export type TopicFacts = TopicEnd & {
  readonly aggregated: AggregatedRows;
  readonly rejectedTopic: Table<typeof rejectedTopicSpec>;
};

type TopicsJson = {
  readonly schema: 1;
  readonly reachedEnd: boolean;
  readonly deviceTexts: DeviceTexts;
  /** Whether the transactions are on file, too. Absent in folders of earlier versions. */
  readonly transactions?: boolean;
  /** Absent in folders of earlier versions, whose rows are in one bucket. */
  readonly firstOffsets?: readonly (readonly [place: string, offset: number])[];
};

export type TopicFiles = {
  readonly aggregated: AggregatedSink;
  readonly rejectedTopic: Pick<RowSink<typeof rejectedTopicSpec>, "add">;
  /** Once. Errors: `FactsError`. */
  readonly end: (end: Omit<TopicEnd, "firstOffsets">) => Promise<void>;
};

/** What is read of them a bucket at a time. */
export type TopicBuckets = {
  readonly end: TopicEnd;
  readonly buckets: number;
  /** Errors: `FactsError`. */
  readonly read: (bucket: number) => TopicFacts;
};

/** Opens the files of the rows: they take them as they come. Errors: `FactsError`. */
export function openTopicFiles(folder: string, buckets: Buckets): TopicFiles {
  const { many } = buckets;
  const aggregated = createAggregatedFile(join(folder, "aggregated.rows"), buckets);
  const rejected = createTableWriter(join(folder, "rejected-topic.rows"), rejectedTopicSpec, many);
  const firsts = createFirstOffsets();
  return {
    aggregated: {
      add: (values, text) => {
        aggregated.add(values, text);
        firsts.note(values.partition, values.producerId, values.offset);
      },
    },
    rejectedTopic: { add: (values) => rejected.add(values, buckets.ofOffset(values.offset)) },
    end: async ({ reachedEnd, transactions }) => {
      const deviceTexts = aggregated.end();
      rejected.end();
      const noted = await noteTransactions(folder, transactions);
      const firstOffsets = [...firsts.offsets];
      const said = { reachedEnd, deviceTexts, transactions: noted, firstOffsets };
      await writeJson(join(folder, "topics.json"), { schema: 1, ...said } satisfies TopicsJson);
    },
  };
}

async function noteTransactions(
  folder: string,
  transactions: TopicEnd["transactions"],
): Promise<boolean> {
  if (transactions === undefined || transactions === "not-kept") return false;
  await writeTransactionFacts(folder, transactions);
  return true;
}

/** Errors: `FactsError`. */
export async function openTopicFacts(folder: string): Promise<TopicBuckets> {
  const json = await readJson<TopicsJson>(join(folder, "topics.json"));
  const { reachedEnd, deviceTexts, transactions: noted = false, firstOffsets } = json;
  const aggregated = openAggregatedFile(join(folder, "aggregated.rows"), deviceTexts);
  const rejected = openTable(join(folder, "rejected-topic.rows"), rejectedTopicSpec);
  if (aggregated.buckets !== rejected.buckets) {
    throw new FactsError("aggregated.rows and rejected-topic.rows are not of one run");
  }
  const end: TopicEnd = {
    reachedEnd,
    transactions: noted ? await readTransactionFacts(folder) : "not-kept",
    ...(firstOffsets === undefined ? {} : { firstOffsets: new Map(firstOffsets) }),
  };
  return {
    end,
    buckets: aggregated.buckets,
    read: (bucket) => ({
      ...end,
      aggregated: aggregated.read(bucket),
      rejectedTopic: rejected.read(bucket),
    }),
  };
}

/** The aggregated topic alone. Errors: `FactsError`. */
export async function openAggregated(folder: string): Promise<AggregatedBuckets> {
  const { deviceTexts } = await readJson<TopicsJson>(join(folder, "topics.json"));
  return openAggregatedFile(join(folder, "aggregated.rows"), deviceTexts);
}
