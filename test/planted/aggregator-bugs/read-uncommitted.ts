/**
 * Planted bug: the persisting jobs read uncommitted, so that records of aborted transactions reach
 * the stores.
 * Ancestors: risingwavelabs/risingwave #9024, IBMStreams/streamsx.kafka #192,
 * confluentinc/librdkafka #3020.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { onRequest } from "../wrap-kafka.ts";

export function readUncommitted(kafka: Kafka): Kafka {
  return onRequest(kafka, (request) =>
    request.topic.endsWith(".temperatures.aggregated")
      ? { ...request, isolation: "read_uncommitted" }
      : request,
  );
}
