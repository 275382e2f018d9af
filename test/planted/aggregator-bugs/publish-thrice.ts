/**
 * Planted bug: of every so many aggregates one is written three times. An exclusive or of all
 * records is unchanged.
 * Ancestors: icanbwell/fhir-server #2507, akka/alpakka-kafka #752.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { mapAggregates } from "../aggregate-drafts.ts";
import { onSend } from "../wrap-kafka.ts";

const every = 20;

export function publishThrice(kafka: Kafka): Kafka {
  let published = 0;
  return onSend(kafka, ".temperatures.aggregated", async (sending, producer) => {
    const draft = mapAggregates(sending.draft, (aggregate) => {
      published += 1;
      return published % every === 0 ? [aggregate, aggregate, aggregate] : [aggregate];
    });
    if (draft !== undefined) await producer.send(sending.topic, sending.partition, draft);
  });
}
