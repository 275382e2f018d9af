/**
 * A second producer with the transactional id of a process that works: by opening it, it takes the id away from that one;
 * when that one has opened it again, whatever the second one writes must be refused. By kafkajs, which takes an id
 * that another has used last; `@platformatic/kafka` gives up there.
 */
import { Kafka, logLevel } from "kafkajs";
import { orFaultError } from "./fault-error.ts";
import type { Zombie } from "./fault-ports.ts";

/** Errors: `FaultError`; the signal's reason. */
export function openZombie(options: {
  readonly bootstrap: string;
  readonly transactionalId: string;
  /** Where it tries to write what nobody may ever read. */
  readonly topic: string;
  readonly signal: AbortSignal;
}): Promise<Zombie> {
  const { bootstrap, transactionalId, topic, signal } = options;
  const kafka = new Kafka({
    clientId: "fleetproof-zombie",
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { retries: 2 },
  });
  const producer = kafka.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  const what = `no second producer could be opened as ${transactionalId}`;
  return orFaultError(what, signal, async () => {
    await producer.connect();
    const transaction = await producer.transaction();
    return {
      async write() {
        try {
          await transaction.send({ topic, messages: [{ key: "zombie", value: "zombie" }] });
          await transaction.commit();
          return undefined;
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
      },
      [Symbol.asyncDispose]: () => producer.disconnect(),
    };
  });
}
