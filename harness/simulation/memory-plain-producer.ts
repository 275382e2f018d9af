/** The client's side of a producer without transactions: idempotent, one batch after the other in a partition. */
import type { Clock } from "../../pipeline/clock.ts";
import { KafkaError, type Producer } from "../../pipeline/kafka/port.ts";
import { nextSequence, stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import type { MemoryBroker } from "./memory-broker.ts";
import type { MemoryLine } from "./memory-line.ts";
import type { ProducerIdentity } from "./memory-transactions.ts";

type Lane = { identity: ProducerIdentity; sequence: number; tail: Promise<unknown> };

export async function openMemoryProducer(
  broker: MemoryBroker,
  line: MemoryLine,
  clock: Clock,
  signal: AbortSignal,
): Promise<Producer> {
  const lanes = new Map<string, Lane>();
  const first = await line.call(broker.transactions.identify, signal);
  let closed = false;

  function send(...[topic, partition, draft]: Parameters<Producer["send"]>): Promise<number> {
    const place = `${topic}/${partition}`;
    const lane = lanes.get(place) ?? { identity: first, sequence: 0, tail: Promise.resolve() };
    lanes.set(place, lane);
    const sent = lane.tail.then(async () => {
      if (closed) throw new KafkaError("closed", "the producer is closed", { definite: true });
      const { identity, sequence: baseSequence } = lane;
      const stamp = { ...identity, baseSequence, transactional: false, timestamp: clock.now() };
      const bytes = stampBatch(draft, stamp);
      const offset = await line.call(() => broker.produce(topic, partition, bytes));
      lane.sequence = nextSequence(baseSequence, draft.count);
      return offset;
    });
    lane.tail = sent.catch(() => undefined);
    return sent;
  }

  async function close(): Promise<void> {
    closed = true;
    await Promise.all([...lanes.values()].map((lane) => lane.tail));
  }

  return { send, close };
}
