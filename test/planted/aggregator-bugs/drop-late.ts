/**
 * Planted bug: what comes after its window's retention is dropped, and nothing says so.
 * Ancestors: risingwavelabs/risingwave #23270; apache/kafka #5742 (KAFKA-7223) at least counts
 * them.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { onSend } from "../wrap-kafka.ts";
import { isLate, someRejections } from "./rejections.ts";

export function dropLate(kafka: Kafka): Kafka {
  return onSend(kafka, ".thermostat.data.rejected", async (sending, producer) => {
    const { topic, partition } = sending;
    const draft = someRejections(sending.draft, (record) => !isLate(record));
    if (draft !== undefined) await producer.send(topic, partition, draft);
  });
}
