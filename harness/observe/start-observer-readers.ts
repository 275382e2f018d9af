/** The three readers of the observer and what they feed: the raw audit, the aggregated and the rejected rows. */
import { type Broker, connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { readHeaders } from "../../pipeline/kafka/wire/record-cursor.ts";
import type { Clock } from "../../simulator/clock.ts";
import { createPlan, type Plan } from "../../simulator/plan.ts";
import { writeAuditFacts } from "../facts/audit-files.ts";
import { writeTopicFacts } from "../facts/topic-files.ts";
import { createRawAudit, type RawAudit } from "./raw-audit.ts";
import type { FirstRevisions, ObserverConfig } from "./start-observer-protocol.ts";
import { createAggregatedAudit } from "./topic-audit.ts";
import { createRejectedAudit } from "./topic-audit-rejected.ts";
import { createTopicReader, type TopicReader } from "./topic-reader.ts";

/** The audit of the firehose may lag a little; a fetch for each batch would cost the broker as much as the load. */
const rawMinBytes = 512 * 1024;

export type Observation = {
  readonly raw: TopicReader;
  readonly aggregated: TopicReader;
  readonly rejected: TopicReader;
  readonly audit: RawAudit;
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
  const audit = createRawAudit({
    plan,
    span,
    digestKey,
    topic: topics.raw,
    ...(until === undefined ? {} : { until }),
  });
  const first = createFirstRevisions(clock);
  const aggregated = createAggregatedAudit(plan, (_device, start) => first.note(start));
  const rejected = createRejectedAudit(topics.raw);
  const readers = {
    raw: reader(broker, topics.raw, plan, rawMinBytes, (partition, record) =>
      audit.push(partition, record),
    ),
    aggregated: reader(broker, topics.aggregated, plan, 1, (partition, record, batch) =>
      aggregated.push(partition, record, batch.producerId),
    ),
    rejected: reader(broker, topics.rejected, plan, 1, (partition, record) =>
      rejected.push(partition, record, readHeaders(record)),
    ),
  };

  async function write(): Promise<boolean> {
    const facts = audit.finish(readers.raw.reachedEnd());
    await writeAuditFacts(config.folder, facts);
    const reachedEnd = readers.aggregated.reachedEnd() && readers.rejected.reachedEnd();
    const rejectedTopic = rejected.rows;
    await writeTopicFacts(config.folder, {
      aggregated: aggregated.rows,
      rejectedTopic,
      reachedEnd,
    });
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

function reader(
  broker: Broker,
  topic: string,
  plan: Plan,
  minBytes: number,
  visit: Parameters<typeof createTopicReader>[0]["visit"],
): TopicReader {
  return createTopicReader({ broker, topic, partitions: plan.options.partitions, minBytes, visit });
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
