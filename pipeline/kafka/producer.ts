/**
 * The producer without transactions: idempotent, one batch in flight a partition. It outlives its errors: a
 * partition whose last batch failed goes on under a new producer id, because the broker may be waiting for
 * another sequence than ours. Source: KIP-98, "Idempotent Producer Guarantees".
 */
import { deliverBatch } from "./deliver-batch.ts";
import { fromWire } from "./kafka-error.ts";
import { type Attempt, ask } from "./patience.ts";
import { KafkaError, type Producer } from "./port.ts";
import type { BatchDraft } from "./wire/batch-writer.ts";
import type { Broker } from "./wire/broker.ts";
import { initProducer } from "./wire/produce.ts";
import { nextSequence, stampBatch } from "./wire/stamp-batch.ts";

/** As long as Kafka's own producer goes on by default (`delivery.timeout.ms`). */
const deliverForMs = 120_000;
/** A broker that restarts is back within this time. */
const initForMs = 60_000;

type Identity = Awaited<ReturnType<typeof initProducer>>;

/** What is known of one partition. */
type Lane = {
  /** undefined: a new one is needed. */
  identity: Identity | undefined;
  sequence: number;
  /** Ends when the batch before is decided. */
  tail: Promise<unknown>;
};

let producers = 0;

/** Errors: `KafkaError` of code `unavailable`, `unauthorized`; the signal's reason. */
export async function openIdempotentProducer(
  broker: Broker,
  signal: AbortSignal,
): Promise<Producer> {
  producers += 1;
  const purpose = `produce ${producers}`;
  const closed = new AbortController();
  const lanes = new Map<string, Lane>();
  const first = await identify(broker, signal);

  function send(topic: string, partition: number, draft: BatchDraft): Promise<number> {
    const place = `${partition} ${topic}`;
    const lane = lanes.get(place) ?? { identity: first, sequence: 0, tail: Promise.resolve() };
    lanes.set(place, lane);
    const sent = lane.tail.then(() => deliver(topic, partition, lane, draft));
    lane.tail = sent.catch(() => undefined);
    return sent;
  }

  async function deliver(
    topic: string,
    partition: number,
    lane: Lane,
    draft: BatchDraft,
  ): Promise<number> {
    closed.signal.throwIfAborted();
    if (lane.identity === undefined) {
      lane.identity = await identify(broker, closed.signal);
      lane.sequence = 0;
    }
    const { identity, sequence: baseSequence } = lane;
    const now = broker.clock.now();
    const stamp = { ...identity, baseSequence, transactional: false, timestamp: now };
    // Until it is decided: a batch that fails leaves its sequence behind in the broker, or not.
    lane.identity = undefined;
    const offset = await deliverBatch(broker, {
      topic,
      partition,
      bytes: stampBatch(draft, stamp),
      transactionalId: undefined,
      what: `batch for ${topic}-${partition}`,
      purpose,
      forMs: deliverForMs,
      signal: closed.signal,
    });
    lane.identity = identity;
    lane.sequence = nextSequence(baseSequence, draft.count);
    return offset;
  }

  async function close(): Promise<void> {
    const gone = new KafkaError("closed", "the producer is closed", { definite: false });
    if (!closed.signal.aborted) closed.abort(gone);
    await Promise.all([...lanes.values()].map((lane) => lane.tail));
  }

  return { send, close };
}

function identify(broker: Broker, signal: AbortSignal): Promise<Identity> {
  const patience = {
    clock: broker.clock,
    forMs: initForMs,
    firstWaitMs: 20,
    maxWaitMs: 1_000,
    signal,
  };
  return ask(patience, async (): Promise<Attempt<Identity>> => {
    try {
      return { answer: await initProducer(broker) };
    } catch (error) {
      const translated = fromWire(error, "a producer id");
      const away = translated instanceof KafkaError && translated.code === "unavailable";
      if (away) return { again: translated };
      throw translated;
    }
  });
}
