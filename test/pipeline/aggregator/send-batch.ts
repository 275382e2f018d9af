/** Sends ready batches to a real broker as the fleet would: the same bytes again until they are acknowledged. */
import { systemClock } from "../../../pipeline/clock.ts";
import type { Broker } from "../../../pipeline/kafka/wire/broker.ts";
import { classifyProduceError, produce } from "../../../pipeline/kafka/wire/produce.ts";

/** A topic that was made a moment ago has no leader yet. */
const attemptsMax = 100;

export async function sendBatch(
  broker: Broker,
  topic: string,
  partition: number,
  bytes: Buffer,
): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const request = { topic, batches: [{ partition, bytes }], timeoutMs: 5_000 };
    const [result] = await produce(broker, request);
    const outcome = classifyProduceError(result?.errorCode ?? -1);
    if (outcome === "acked" || outcome === "duplicate") return;
    const again = outcome === "retriable" || outcome === "unknown";
    if (!again) throw new Error(`produce answered ${result?.errorCode}`);
    await systemClock.sleep(50);
  }
  throw new Error(`${topic} took no batch in ${attemptsMax} attempts`);
}
