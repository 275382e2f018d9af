/** Reads a topic of aggregates from its first record to the end that it has now, as the observer does. */
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { WireError } from "../../pipeline/kafka/wire/wire-error.ts";
import type { Clock } from "../../simulator/clock.ts";
import type { Plan } from "../../simulator/plan.ts";
import type { AggregatedRows } from "../facts/aggregated-rows.ts";
import { StoreReadError } from "./store-error.ts";
import { createAggregatedAudit } from "./topic-audit.ts";
import { createTopicReader } from "./topic-reader.ts";

/** Errors: `StoreReadError` when Kafka does not answer; the signal's reason. */
export async function readAggregated(options: {
  readonly bootstrap: string;
  readonly topic: string;
  readonly plan: Plan;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<AggregatedRows> {
  const { bootstrap, topic, plan, clock, signal } = options;
  const broker = await connectBroker({ bootstrap, clientId: "fleetproof-replay", clock });
  try {
    const audit = createAggregatedAudit(plan);
    const { partitions } = plan.options;
    const reader = createTopicReader({
      broker,
      topic,
      partitions,
      minBytes: 1,
      visit: (partition, record, batch) => audit.push(partition, record, batch.producerId),
    });
    await reader.finish();
    await reader.run(signal);
    return audit.rows;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const why = `${topic} could not be read: ${error.message}`;
    throw new StoreReadError("unreachable", why, error);
  } finally {
    await broker.close();
  }
}
