/** Topics of a benchmark, which end with it. */
import { Admin } from "@platformatic/kafka";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";

/**
 * Waits until every partition is served before it lets `act` begin. A broker names a new topic's leaders some 100 ms
 * before they answer, and takes whatever comes first of a producer it does not know: a producer with two batches
 * under way may have the second accepted and the first refused until it gives up (seen with the Java one).
 */
export async function withTopics<T>(
  bootstrap: string,
  topics: readonly string[],
  partitions: number,
  act: () => Promise<T>,
): Promise<T> {
  const clientId = "fleetproof-bench";
  const configs = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const admin = new Admin({ clientId, bootstrapBrokers: [bootstrap] });
  const { log, close } = await connectKafka({ bootstrap, clientId, clock });
  try {
    await admin.createTopics({ topics: [...topics], partitions, replicas: 1, configs });
    for (const topic of topics) await log.endOffsets(topic, all, "read_uncommitted");
    const result = await act();
    await admin.deleteTopics({ topics: [...topics] });
    return result;
  } finally {
    await close();
    await admin.close();
  }
}
