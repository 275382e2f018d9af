/** Reads what an in-memory run left, with the harness's own readers: topics into audits, stores into scans. */
import type { Log } from "../../pipeline/kafka/port.ts";
import { readHeaders } from "../../pipeline/kafka/wire/record-cursor.ts";
import type { Plan } from "../../simulator/plan.ts";
import type { AuditFacts } from "../facts/audit-facts.ts";
import type { TopicFacts } from "../facts/topic-files.ts";
import {
  createCommittedReader,
  type TransactionListener,
  type VisitCommitted,
} from "../observe/committed-reader.ts";
import { createRawAudit } from "../observe/raw-audit.ts";
import { collectScan, type KeptScan } from "../observe/store-scan.ts";
import { createAggregatedAudit } from "../observe/topic-audit.ts";
import { createRejectedAudit } from "../observe/topic-audit-rejected.ts";
import { createTransactionAudit } from "../observe/transaction-audit.ts";
import type { StoreMapping, StoreName } from "../scenario/scenario.ts";
import type { MemoryCassandra } from "./memory-cassandra.ts";
import type { MemoryElasticsearch } from "./memory-elasticsearch.ts";

export type MemoryTopics = {
  readonly raw: string;
  readonly aggregated: string;
  readonly rejected: string;
};

export async function lookAtTopics(
  log: Log,
  plan: Plan,
  topics: MemoryTopics,
  settings: { readonly span: number; readonly digestKey: readonly [number, number] },
): Promise<{ readonly audit: AuditFacts; readonly topics: TopicFacts }> {
  const audit = createRawAudit({ plan, ...settings, topic: topics.raw });
  const aggregated = createAggregatedAudit(plan);
  const rejected = createRejectedAudit(topics.raw);
  const transactions = createTransactionAudit(plan);
  for (let partition = 0; partition < plan.options.partitions; partition++) {
    await readAll(log, topics.raw, partition, (record) => audit.push(partition, record));
    await readAll(
      log,
      topics.aggregated,
      partition,
      (record, batch) => aggregated.push(partition, record, batch.producerId),
      transactions.listener("aggregated", partition),
    );
    await readAll(
      log,
      topics.rejected,
      partition,
      (record) => rejected.push(partition, record, readHeaders(record)),
      transactions.listener("rejected", partition),
    );
  }
  return {
    audit: audit.finish(true),
    topics: {
      aggregated: aggregated.rows,
      rejectedTopic: rejected.rows,
      transactions: transactions.finish(),
      reachedEnd: true,
    },
  };
}

async function readAll(
  log: Log,
  topic: string,
  partition: number,
  visit: VisitCommitted,
  listener?: TransactionListener,
): Promise<void> {
  const reader = createCommittedReader(0, listener);
  const ends = await log.endOffsets(topic, [partition], "read_uncommitted");
  const end = ends.get(partition) ?? 0;
  while (reader.nextOffset() < end) {
    const positions = new Map([[partition, reader.nextOffset()]]);
    const isolation = "read_uncommitted" as const;
    const bytes = { minBytes: 1, maxBytes: 1 << 24, maxBytesPerPartition: 1 << 24 };
    const signal = new AbortController().signal;
    const [fetched] = await log.fetch(
      { topic, positions, isolation, maxWaitMs: 0, ...bytes },
      signal,
    );
    if (fetched === undefined) throw new Error(`${topic}-${partition} gave nothing before its end`);
    reader.take(fetched.batches, visit);
  }
}

export function lookAtStores(
  plan: Plan,
  stores: {
    readonly elasticsearch: MemoryElasticsearch;
    readonly cassandra: MemoryCassandra;
    readonly keyspace: string;
    readonly table: string;
  },
  mappings: Readonly<Record<StoreName, StoreMapping>>,
): ReadonlyMap<StoreName, KeptScan> {
  const documents = collectScan("elasticsearch", mappings.elasticsearch, plan);
  for (const [group, index] of stores.elasticsearch.indices) {
    for (const [key, { source }] of index) documents.add({ group, key, fields: source });
  }
  const rows = collectScan("cassandra", mappings.cassandra, plan);
  const group = `${stores.keyspace}.${stores.table}`;
  for (const [key, fields] of stores.cassandra.rows(stores.keyspace, stores.table)) {
    rows.add({ group, key, fields });
  }
  return new Map([
    ["elasticsearch", documents.finish()],
    ["cassandra", rows.finish()],
  ]);
}
