/** An aggregate that never was: written in a transaction that is aborted. Whoever reads it, reads what he must not. */
import type { Clock } from "../../pipeline/clock.ts";
import { encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import type { Plan } from "../../simulator/plan.ts";

const timeoutMs = 60_000;
/** Newer than all that the aggregator can make of the window: a store that is given it keeps it. */
const revision = 999;

/** Resolves when the transaction has been aborted, `forMs` after the record was written. */
export async function writePhantom(
  kafka: Kafka,
  topic: string,
  plan: Plan,
  { clock, forMs }: { readonly clock: Clock; readonly forMs: number },
): Promise<void> {
  const { startAt, window } = plan.options;
  const device = 0;
  const id = plan.deviceId(device);
  const start = startAt - (startAt % window.sizeMs);
  const end = start + window.sizeMs;
  const value = encodeAggregate({
    device: { id, home: "h-phantom", model: "TRV1" },
    window: { start, end, day: new Date(start).toISOString().slice(0, 10) },
    count: revision,
    temperature: { min: 1, max: 1, mean: 1, sum: 100 * revision },
    revision,
    version: end * 1000 + revision,
    digest: "0".repeat(16),
  });
  const key = Buffer.from(id);
  const writer = createBatchWriter(1024);
  writer.append(key, 0, key.length, value, 0, value.length);
  const { signal } = new AbortController();
  const producer = await kafka.transactions.open("phantom", timeoutMs, signal);
  await producer.send(topic, plan.partitionOf(device), writer.take());
  await clock.sleep(forMs);
  await producer.abort();
  await producer.close();
}
