/** The three readers of the observer and what they feed: the raw audit, the aggregated and the rejected rows. */
import { plantInHarness } from "#planted";
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { readHeaders } from "../../pipeline/kafka/wire/record-cursor.ts";
import type { Clock } from "../../simulator/clock.ts";
import { createPlan } from "../../simulator/plan.ts";
import type { AuditEnd } from "../facts/audit-facts.ts";
import { openAuditFiles } from "../facts/audit-files.ts";
import { bucketsOf } from "../facts/buckets.ts";
import { openTopicFiles } from "../facts/topic-files.ts";
import { createRawAuditTo, type RawAudit } from "./raw-audit.ts";
import type { FirstRevisions, ObserverConfig } from "./start-observer-protocol.ts";
import { createAggregatedAuditTo } from "./topic-audit.ts";
import { createRejectedAuditTo } from "./topic-audit-rejected.ts";
import { createTopicReader, type TopicReader } from "./topic-reader.ts";
import { createTransactionAudit } from "./transaction-audit.ts";

/** The audit of the firehose may lag a little; a fetch for each batch would cost the broker as much as the load. */
const rawMinBytes = 512 * 1024;

export type Observation = {
  readonly raw: TopicReader;
  readonly aggregated: TopicReader;
  readonly rejected: TopicReader;
  readonly audit: RawAudit<AuditEnd>;
  /** What was first seen since the last call. */
  readonly takeFirstRevisions: () => readonly FirstRevisions[];
  /** Writes the facts; `reachedEnd` by topic is the readers' own. Once. */
  readonly write: () => Promise<boolean>;
  readonly close: () => Promise<void>;
};

export async function openObservation(config: ObserverConfig, clock: Clock): Promise<Observation> {
  const { bootstrap, topics, span, digestKey, until } = config;
  const plan = createPlan(config.plan);
  const broker = await connectBroker({ bootstrap, clientId: "fleetproof-observer", clock });
  const buckets = bucketsOf(plan);
  const files = openAuditFiles(config.folder, buckets);
  const topicFiles = openTopicFiles(config.folder, buckets);
  const audited = { plan, span, digestKey, topic: topics.raw };
  const audit = createRawAuditTo({ ...audited, ...(until === undefined ? {} : { until }) }, files);
  const first = createFirstRevisions(clock);
  const pushAggregated = createAggregatedAuditTo(plan, topicFiles.aggregated, (_device, start) =>
    first.note(start),
  );
  const pushRejected = createRejectedAuditTo(topics.raw, topicFiles.rejectedTopic);
  const transactions = createTransactionAudit(plan);
  const { partitions } = plan.options;
  const written = { broker, partitions, minBytes: 1 };
  const readers = {
    raw: plantInHarness(
      "raw-reader",
      createTopicReader({
        broker,
        partitions,
        topic: topics.raw,
        minBytes: rawMinBytes,
        visit: (partition, record) => audit.push(partition, record),
      }),
    ),
    aggregated: createTopicReader({
      ...written,
      topic: topics.aggregated,
      visit: (partition, record, batch) => pushAggregated(partition, record, batch.producerId),
      listener: (partition) => transactions.listener("aggregated", partition),
    }),
    rejected: createTopicReader({
      ...written,
      topic: topics.rejected,
      visit: (partition, record) => pushRejected(partition, record, readHeaders(record)),
      listener: (partition) => transactions.listener("rejected", partition),
    }),
  };

  async function write(): Promise<boolean> {
    const facts = audit.finish(readers.raw.reachedEnd());
    await files.end(facts);
    const reachedEnd = readers.aggregated.reachedEnd() && readers.rejected.reachedEnd();
    await topicFiles.end({ reachedEnd, transactions: transactions.finish() });
    return facts.reachedEnd && reachedEnd;
  }

  return {
    ...readers,
    audit,
    takeFirstRevisions: first.take,
    write,
    close: () => broker.close(),
  };
}

/** Counts what was first seen by window and whole millisecond. */
function createFirstRevisions(clock: Clock) {
  let counts = new Map<string, { windowStart: number; atMs: number; count: number }>();
  return {
    note(windowStart: number): void {
      const atMs = Math.floor(clock.now());
      const key = `${windowStart}/${atMs}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { windowStart, atMs, count: 1 });
      else known.count += 1;
    },
    take(): readonly FirstRevisions[] {
      const taken = [...counts.values()];
      counts = new Map();
      return taken;
    },
  };
}
