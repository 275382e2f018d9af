/** Puts records that are no JSON into a topic of the run, and tells where they lie. */
import { Producer, stringSerializers } from "@platformatic/kafka";
import type { RecordPlace } from "../facts/run-record.ts";
import { FaultError, orFaultError } from "./fault-error.ts";

/** Cut short, as by a producer that died in the midst of it. */
const poison = '{ "device": { "id": "t-';

/** Each goes into the next partition, the first into partition 0. Errors: `FaultError`; the signal's reason. */
export function createPoisoner(options: {
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
  readonly signal: AbortSignal;
}): () => Promise<RecordPlace> {
  const { bootstrap, topic, partitions, signal } = options;
  let sent = 0;
  return () =>
    orFaultError(`the poison did not come into ${topic}`, signal, async () => {
      const producer = new Producer({
        clientId: "fleetproof-poison",
        bootstrapBrokers: [bootstrap],
        serializers: stringSerializers,
      });
      try {
        const number = sent++;
        const partition = number % partitions;
        const message = { topic, partition, key: `poison-${number + 1}`, value: poison };
        const { offsets = [] } = await producer.send({ messages: [message], acks: -1 });
        const place = offsets.find((each) => each.topic === topic);
        if (place === undefined) throw new FaultError("Kafka did not say where it lies");
        return { topic, partition, offset: Number(place.offset) };
      } finally {
        await producer.close();
      }
    });
}
