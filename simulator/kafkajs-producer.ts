/**
 * kafkajs behind the same interface, for teams whose gateways use it and want to see what that costs. One request at a
 * time: with more, its retries would break the order. It reuses the sequence of a batch that failed, so after anything
 * but success it is replaced by a new one with its own producer id.
 */
// Its errors are not among the names that Node finds in a CommonJS module.
import kafkajs, { Kafka, logLevel, type Message, Partitioners } from "kafkajs";
import type { Clock } from "./clock.ts";
import {
  batchMaxBytes,
  type Producer,
  recordOverheadBytes,
  type SendResult,
  type Settle,
} from "./producer.ts";

/** What is needed of kafkajs; tests have their own. */
export type KafkajsClient = {
  readonly connect: () => Promise<void>;
  /** Base offset by partition. */
  readonly send: (
    batches: readonly { readonly partition: number; readonly messages: readonly Message[] }[],
  ) => Promise<ReadonlyMap<number, number>>;
  readonly disconnect: () => Promise<void>;
};

export type KafkajsProducerOptions = {
  /** Makes a client with a producer id of its own. */
  readonly createClient: () => KafkajsClient;
  readonly partitions: readonly number[];
  readonly clock: Clock;
  readonly settle: Settle;
};

type OpenBatch = { messages: Message[]; bytes: number };

/** Errors: kafkajs's own when it cannot connect. */
export async function createKafkajsProducer(options: KafkajsProducerOptions): Promise<Producer> {
  const { partitions, clock, settle, createClient } = options;
  const open = new Map(partitions.map((partition) => [partition, emptyBatch()]));
  let client = createClient();
  await client.connect();
  let sending: Promise<void> | undefined;
  let broken: { readonly cause: unknown } | undefined;
  let closed = false;

  function flush(): void {
    if (broken !== undefined) throw broken.cause;
    sending ??= sendAll()
      .catch((cause: unknown) => {
        broken = { cause };
      })
      .finally(() => {
        sending = undefined;
      });
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const batches = [...open]
        .filter(([, batch]) => batch.messages.length > 0)
        .map(([partition, { messages }]) => ({ partition, messages }));
      if (batches.length === 0 || closed) return;
      for (const { partition } of batches) open.set(partition, emptyBatch());
      await send(batches);
    }
  }

  async function send(
    batches: readonly { readonly partition: number; readonly messages: readonly Message[] }[],
  ): Promise<void> {
    const sentAtMs = clock.now();
    let result: (partition: number) => SendResult;
    let lost = false;
    try {
      const offsets = await client.send(batches);
      result = (partition) => ({ outcome: "acked", baseOffset: offsets.get(partition) ?? -1 });
    } catch (error) {
      // One request may have been several, to several leaders, and kafkajs does not say which of them failed.
      const definite = batches.length === 1 && isDefinite(error);
      const outcome = definite ? "failed" : "unknown";
      result = () => ({ outcome, reason: String(error) });
      lost = true;
    }
    for (const { partition, messages } of batches) {
      settle(partition, messages.length, sentAtMs, result(partition));
    }
    if (lost && !closed) await replaceClient();
  }

  async function replaceClient(): Promise<void> {
    await client.disconnect().catch(() => undefined); // it is given up for what it did, not for how it ends
    client = createClient();
    await client.connect();
  }

  async function idle(): Promise<void> {
    while (sending !== undefined || [...open.values()].some((batch) => batch.messages.length > 0)) {
      flush();
      await sending;
    }
    if (broken !== undefined) throw broken.cause;
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    await client.disconnect();
    await sending;
    for (const [partition, { messages }] of open) {
      const reason = "the producer was closed";
      if (messages.length > 0)
        settle(partition, messages.length, -1, { outcome: "failed", reason });
      open.set(partition, emptyBatch());
    }
  }

  return {
    append: (partition, key, keyStart, keyEnd, value, valueStart, valueEnd) => {
      const batch = open.get(partition)!;
      batch.messages.push({
        key: Buffer.from(key.subarray(keyStart, keyEnd)),
        value: Buffer.from(value.subarray(valueStart, valueEnd)),
        partition,
      });
      batch.bytes += keyEnd - keyStart + valueEnd - valueStart + recordOverheadBytes;
    },
    room: (partition) => batchMaxBytes - open.get(partition)!.bytes,
    flush,
    idle,
    close,
  };
}

/** A factory of real kafkajs producers: idempotent, five retries. */
export function kafkajsClients(options: {
  readonly bootstrap: string;
  readonly topic: string;
  readonly clientId: string;
}): () => KafkajsClient {
  const { topic, clientId } = options;
  const brokers = options.bootstrap.split(",").map((address) => address.trim());
  const kafka = new Kafka({ clientId, brokers, logLevel: logLevel.NOTHING });
  return () => {
    const producer = kafka.producer({
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 5 },
    });
    return {
      connect: () => producer.connect(),
      disconnect: () => producer.disconnect(),
      send: async (batches) => {
        const messages = batches.flatMap((batch) => batch.messages);
        const answers = await producer.send({ topic, messages, acks: -1 });
        return new Map(answers.map((each) => [each.partition, Number(each.baseOffset ?? -1)]));
      },
    };
  };
}

function emptyBatch(): OpenBatch {
  return { messages: [], bytes: 0 };
}

/** A broker's refusal that cannot be of a batch it has written. */
function isDefinite(error: unknown): boolean {
  return error instanceof kafkajs.KafkaJSProtocolError && !error.retriable;
}
