/**
 * One round of the library's own producer, whose protocol layer the hot path uses: batches of messages, idempotent. It
 * then has one request at a time under way, so the next batch waits encoded behind it.
 */
import { ProduceAcks, Producer } from "@platformatic/kafka";
import { systemClock as clock } from "../../simulator/clock.ts";
import type { ProducingRound, RoundFigures } from "./hot-producing.ts";

/** Messages of a call, over all partitions. Its best here; with 1,000 and with 20,000 it had 20 % less. */
const callMessages = 5_000;
/** The second is encoded while the first is answered; more only wait. */
const callsMax = 2;

export async function produceWithLibrary(
  { bootstrap, topic, partitions, records }: ProducingRound,
  recordBytes: number,
): Promise<RoundFigures> {
  const producer = new Producer({
    clientId: topic,
    bootstrapBrokers: [bootstrap],
    idempotent: true,
    acks: ProduceAcks.ALL,
    strict: false,
  });
  const value = Buffer.alloc(recordBytes, "r");
  let left = records;
  async function caller(): Promise<void> {
    while (left > 0) {
      const count = Math.min(left, callMessages);
      left -= count;
      const messages = Array.from({ length: count }, (_, i) => ({
        topic,
        value,
        partition: i % partitions,
      }));
      await producer.send({ messages });
    }
  }
  // Its first call asks for a producer id and for the leaders: that is no throughput.
  await producer.send({ messages: [{ topic, value, partition: 0 }] });
  const cpu = process.cpuUsage();
  const start = clock.monotonicMs();
  await Promise.all(Array.from({ length: callsMax }, caller));
  const seconds = (clock.monotonicMs() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await producer.close();
  return { perSecond: records / seconds, clientCpu: (user + system) / records };
}
