/** Writes and reads topics through the hot path, as plain text, for comparison with other clients. */
import { systemClock } from "../../pipeline/clock.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { createCommittedFilter } from "../../pipeline/kafka/read-committed.ts";
import { connectBroker } from "../../pipeline/kafka/wire/broker.ts";
import { initProducer, produce } from "../../pipeline/kafka/wire/produce.ts";
import { nextSequence, stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import { draftOf } from "../pipeline/kafka/contract/contract-records.ts";
import { recordsOf } from "../pipeline/kafka/wire/batch-samples.ts";

/** One idempotent producer; each list of values is a batch. Returns the base offsets. */
export async function produceBatches(
  bootstrap: string,
  topic: string,
  partition: number,
  batches: readonly (readonly string[])[],
  firstSequence = 0,
): Promise<readonly number[]> {
  const clock = systemClock;
  const broker = await connectBroker({ bootstrap, clientId: "kafka-test", clock });
  try {
    const producer = await initProducer(broker);
    const offsets: number[] = [];
    let baseSequence = firstSequence;
    for (const values of batches) {
      const stamp = { ...producer, baseSequence, transactional: false, timestamp: clock.now() };
      const bytes = stampBatch(draftOf(...values), stamp);
      const request = { topic, batches: [{ partition, bytes }], timeoutMs: 5_000 };
      const [result] = await produce(broker, request);
      if (result?.errorCode !== 0) throw new Error(`produce answered ${result?.errorCode}`);
      offsets.push(result.baseOffset);
      baseSequence = nextSequence(baseSequence, values.length);
    }
    return offsets;
  } finally {
    await broker.close();
  }
}

/** Committed values of a partition, in order, until there are `count`; fails when none come for 5 s. */
export async function committedValues(
  kafka: Kafka,
  topic: string,
  partition: number,
  count: number,
): Promise<readonly string[]> {
  const filter = createCommittedFilter();
  const values: string[] = [];
  let position = 0;
  while (values.length < count) {
    const request = {
      topic,
      positions: new Map([[partition, position]]),
      isolation: "read_committed",
      maxWaitMs: 5_000,
      minBytes: 1,
      maxBytes: 1 << 20,
      maxBytesPerPartition: 1 << 20,
    } as const;
    const [fetched] = await kafka.log.fetch(request, new AbortController().signal);
    if (fetched === undefined) throw new Error(`only ${values.length} of ${count} came`);
    position = filter(fetched, position, (batch) => {
      for (const { value } of recordsOf(batch)) values.push(String(value));
    });
  }
  return values;
}
