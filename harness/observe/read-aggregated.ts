/** Reads a topic of aggregates from its first record to the end that it has now, as the observer does, into a file. */
import { join } from "node:path";
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { WireError } from "../../pipeline/kafka/wire/wire-error.ts";
import type { Clock } from "../../simulator/clock.ts";
import type { Plan } from "../../simulator/plan.ts";
import { createAggregatedFile, openAggregatedFile } from "../facts/aggregated-files.ts";
import type { AggregatedBuckets } from "../facts/aggregated-rows.ts";
import { bucketsOf } from "../facts/buckets.ts";
import { StoreReadError } from "./store-error.ts";
import { createAggregatedAuditTo } from "./topic-audit.ts";
import { createTopicReader } from "./topic-reader.ts";

/**
 * Errors: `StoreReadError` when Kafka does not answer; `FactsError` when the disk refuses; the signal's reason.
 */
export async function readAggregated(options: {
  readonly bootstrap: string;
  readonly topic: string;
  readonly plan: Plan;
  /** Where the file goes; whoever made it takes it away when it is asked for no more. */
  readonly folder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<AggregatedBuckets> {
  const { bootstrap, topic, plan, folder, clock, signal } = options;
  const broker = await connectBroker({ bootstrap, clientId: "fleetproof-replay", clock });
  try {
    const path = join(folder, `${topic}.rows`);
    const file = createAggregatedFile(path, bucketsOf(plan));
    const push = createAggregatedAuditTo(plan, file);
    const { partitions } = plan.options;
    const reader = createTopicReader({
      broker,
      topic,
      partitions,
      minBytes: 1,
      visit: (partition, record, batch) => push(partition, record, batch.producerId),
    });
    await reader.finish();
    await reader.run(signal);
    return openAggregatedFile(path, file.end());
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const why = `${topic} could not be read: ${error.message}`;
    throw new StoreReadError("unreachable", why, error);
  } finally {
    await broker.close();
  }
}
