/** Planted bug: of the raw topic, each millionth reading never reaches the fold. Nothing else changes. */
import type { FetchedPartition, Kafka } from "../../pipeline/kafka/port.ts";
import { emptyBatch, readBatch } from "../../pipeline/kafka/wire/batch-reader.ts";
import { withoutLastRecord } from "./rewrite-batch.ts";

const every = 1_000_000;

export function dropOneInAMillion(kafka: Kafka): Kafka {
  let seen = 0;
  let dropped = 0;

  function maim(fetched: FetchedPartition): FetchedPartition {
    const batch = emptyBatch();
    const parts: Buffer[] = [];
    for (let at = 0; readBatch(fetched.batches, at, batch); at = batch.end) {
      seen += batch.count;
      const due = seen >= (dropped + 1) * every && batch.count > 1 && !batch.control;
      if (due) dropped += 1;
      parts.push(due ? withoutLastRecord(batch) : fetched.batches.subarray(batch.start, batch.end));
    }
    return { ...fetched, batches: Buffer.concat(parts) };
  }

  return {
    ...kafka,
    log: {
      ...kafka.log,
      async fetch(request, signal) {
        const fetched = await kafka.log.fetch(request, signal);
        return request.topic.endsWith("thermostat.data") ? fetched.map(maim) : fetched;
      },
    },
  };
}
