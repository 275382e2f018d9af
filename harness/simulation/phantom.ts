/** An aggregate that never was: written in a transaction that is aborted. Whoever reads it, reads what he must not. */
import type { Clock } from "../../pipeline/clock.ts";
import { encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import type { Plan } from "../../simulator/plan.ts";
import { phantomAggregate } from "../faults/phantom-aggregate.ts";

const timeoutMs = 60_000;

/** Resolves when the transaction has been aborted, `forMs` after the record was written. */
export async function writePhantom(
  kafka: Kafka,
  topic: string,
  plan: Plan,
  { clock, forMs }: { readonly clock: Clock; readonly forMs: number },
): Promise<void> {
  const device = 0;
  const phantom = phantomAggregate(plan, device);
  const [key, value] = [Buffer.from(phantom.device.id), encodeAggregate(phantom)];
  const writer = createBatchWriter(1024);
  writer.append(key, 0, key.length, value, 0, value.length);
  const { signal } = new AbortController();
  const producer = await kafka.transactions.open("phantom", timeoutMs, signal);
  await producer.send(topic, plan.partitionOf(device), writer.take());
  await clock.sleep(forMs);
  await producer.abort();
  await producer.close();
}
