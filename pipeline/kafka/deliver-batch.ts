/**
 * Brings one stamped batch into the log: the same bytes are sent again until the broker has decided, so that
 * it is in the log once. Only one batch of a producer and partition may be on its way at a time.
 */
import { fromWire, refusedBy } from "./kafka-error.ts";
import { type Attempt, ask } from "./patience.ts";
import { KafkaError } from "./port.ts";
import type { Broker } from "./wire/broker.ts";
import { brokerCodes } from "./wire/error-codes.ts";
import { classifyProduceError, produce } from "./wire/produce.ts";

export type Delivery = {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
  readonly transactionalId: string | undefined;
  /** Begins the sentence of an error. */
  readonly what: string;
  /** Whose link it uses. */
  readonly purpose: string;
  /** How long to go on sending. */
  readonly forMs: number;
  readonly signal: AbortSignal | undefined;
};

/** The broker waits for its replicas no longer than this: below the link's request time-out. */
const replicasForMs = 20_000;

/**
 * Resolves with the offset of the batch's first record; -1 when the broker has the batch, but not its offset
 * any more. Errors: `KafkaError`; not definite as soon as one of the attempts may have been heard.
 */
export async function deliverBatch(broker: Broker, delivery: Delivery): Promise<number> {
  const { clock } = broker;
  const { topic, partition, bytes, transactionalId, what, purpose, forMs, signal } = delivery;
  const timeoutMs = Math.min(forMs, replicasForMs);
  const id = transactionalId === undefined ? {} : { transactionalId };
  const request = { topic, ...id, batches: [{ partition, bytes }], timeoutMs };
  let heard = false;

  /** The error as it is, or not definite when an earlier attempt may be in the log. */
  function doubt(error: KafkaError): KafkaError {
    if (!heard || !error.definite) return error;
    return new KafkaError(error.code, error.message, { definite: false, cause: error });
  }

  async function attempt(): Promise<Attempt<number>> {
    try {
      const [result] = await produce(broker, request, purpose);
      const code = result?.errorCode ?? brokerCodes.networkException;
      const outcome = classifyProduceError(code);
      if (outcome === "acked") return { answer: result?.baseOffset ?? -1 };
      if (outcome === "duplicate") return { answer: -1 };
      if (outcome === "unknown") heard = true;
      const refused = doubt(refusedBy(code, what));
      if (outcome === "retriable" || outcome === "unknown") return { again: refused };
      throw refused;
    } catch (error) {
      const translated = fromWire(error, what);
      if (!(translated instanceof KafkaError)) throw translated;
      // Thrown only when not even the leader could be asked for: nothing was sent.
      if (translated.code === "unavailable") return { again: doubt(translated) };
      throw doubt(translated);
    }
  }

  return ask({ clock, forMs, firstWaitMs: 5, maxWaitMs: 500, signal }, attempt);
}
