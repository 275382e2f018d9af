/** Puts records that nobody can read into a topic of the run, and tells where they lie. */
import { Producer, stringSerializers } from "@platformatic/kafka";
import type { PoisonPlace } from "../facts/run-record.ts";
import { FaultError, orFaultError } from "./fault-error.ts";
import { type PoisonForm, poisonOf } from "./poison-forms.ts";

type Poisoner = (topic: string, form: PoisonForm) => Promise<PoisonPlace>;

/** Each goes into the next partition, the first into partition 0. Errors: `FaultError`; the signal's reason. */
export function createPoisoner(options: {
  readonly bootstrap: string;
  readonly partitions: number;
  readonly signal: AbortSignal;
}): Poisoner {
  const { bootstrap, partitions, signal } = options;
  let sent = 0;
  return (topic, form) =>
    orFaultError(`the poison did not come into ${topic}`, signal, async () => {
      const producer = new Producer({
        clientId: "fleetproof-poison",
        bootstrapBrokers: [bootstrap],
        serializers: stringSerializers,
      });
      try {
        const number = sent++;
        const partition = number % partitions;
        const message = { topic, partition, ...poisonOf(form, number + 1) };
        const { offsets = [] } = await producer.send({ messages: [message], acks: -1 });
        const place = offsets.find((each) => each.topic === topic);
        if (place === undefined) throw new FaultError("Kafka did not say where it lies");
        return { topic, partition, offset: Number(place.offset), as: form };
      } finally {
        await producer.close();
      }
    });
}
