/**
 * Planted bug: the version of an aggregate is kept in 32 bits.
 * Ancestors: amazon-ion/ion-c #116.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { mapAggregates } from "../aggregate-drafts.ts";
import { onSend } from "../wrap-kafka.ts";

export function narrowVersion(kafka: Kafka): Kafka {
  return onSend(kafka, ".temperatures.aggregated", async (sending, producer) => {
    const draft = mapAggregates(sending.draft, (aggregate) => [
      { ...aggregate, version: aggregate.version >>> 0 },
    ]);
    if (draft !== undefined) await producer.send(sending.topic, sending.partition, draft);
  });
}
