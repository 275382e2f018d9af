/**
 * Kafka in memory: the port of the jobs on the same bytes and under the same rules as a real broker, on the
 * clock that it is given. It passes the contract suite of the port. Non-goals: replication, compaction,
 * compression by the broker, quotas, more than one topic in a fetch.
 */
import type { Clock } from "../../pipeline/clock.ts";
import type { Kafka, Topics } from "../../pipeline/kafka/port.ts";
import { createMemoryBroker, type MemoryBroker } from "./memory-broker.ts";
import { createMemoryGroups } from "./memory-groups.ts";
import { type Courier, createMemoryLine, type MemoryLine } from "./memory-line.ts";
import { createMemoryLog } from "./memory-log.ts";
import { openMemoryProducer } from "./memory-plain-producer.ts";
import { createMemoryProducer } from "./memory-producer.ts";
import type { ProducerIdentity } from "./memory-transactions.ts";

/** `close` is as hard as a process that dies: it leaves no group and ends no transaction. */
export type MemoryClient = Kafka & {
  /** As SIGSTOP: neither requests nor heartbeats nor answers pass until `release`. */
  readonly hold: () => void;
  readonly release: () => void;
};

export type MemoryKafka = {
  /** `courier` carries the client's requests, heartbeats among them. */
  readonly connect: (clientId?: string, courier?: Courier) => MemoryClient;
  /** Of LogAppendTime. Errors: `RangeError` when it exists. */
  readonly createTopic: (name: string, partitions: number) => void;
  /** For a producer without transactions: the identity to stamp its batches with. */
  readonly initProducer: () => ProducerIdentity;
  /**
   * Takes one stamped batch and returns its base offset; of one that is sent again, the offset that it has.
   * Errors: `KafkaError` of code `corrupt`, `refused` (sequence), `fenced`, `unknown-topic`; all definite.
   */
  readonly append: (topic: string, partition: number, bytes: Buffer) => number;
  /** Retention: forgets everything before `offset`. */
  readonly cut: (topic: string, partition: number, offset: number) => void;
  readonly close: () => void;
};

/** `topics`: number of partitions by name. */
export function createMemoryKafka(options: {
  readonly clock: Clock;
  readonly topics?: Readonly<Record<string, number>>;
}): MemoryKafka {
  const { clock } = options;
  const broker = createMemoryBroker(clock);
  for (const [name, partitions] of Object.entries(options.topics ?? {})) {
    broker.topics.create(name, partitions);
  }
  return {
    connect: (clientId = "client", courier) =>
      createClient(broker, clientId, createMemoryLine(clientId, courier), clock),
    createTopic: (name, partitions) => broker.topics.create(name, partitions),
    initProducer: broker.transactions.identify,
    append: (topic, partition, bytes) => broker.produce(topic, partition, bytes),
    cut: (topic, partition, offset) => broker.topics.partition(topic, partition).cut(offset),
    close: broker.close,
  };
}

function createClient(
  broker: MemoryBroker,
  clientId: string,
  line: MemoryLine,
  clock: Clock,
): MemoryClient {
  return {
    log: createMemoryLog(broker, line, clock),
    groups: createMemoryGroups(broker, clientId, line, clock),
    transactions: {
      open: async (transactionalId, timeoutMs, signal) => {
        const init = () => broker.transactions.init(transactionalId, timeoutMs);
        const owner = { ...(await line.call(init, signal)), transactionalId };
        return createMemoryProducer(broker, owner, line, clock);
      },
    },
    topics: createMemoryAdmin(broker, line),
    openProducer: (signal) => openMemoryProducer(broker, line, clock, signal),
    close: async () => line.close(),
    hold: line.hold,
    release: line.release,
  };
}

/** Topics as a broker makes them when it is asked to: of CreateTime unless their config says otherwise. */
function createMemoryAdmin({ topics }: MemoryBroker, line: MemoryLine): Topics {
  return {
    create: ({ name, partitions, config }) =>
      line.call(() => {
        const appendTime = config["message.timestamp.type"] === "LogAppendTime";
        if (topics.find(name) !== undefined) return;
        topics.create(name, partitions, appendTime ? "append" : "create");
      }),
    find: (names) =>
      line.call(() => {
        const found = names.map((name) => [name, topics.find(name)?.length] as const);
        return new Map(found.filter((each): each is [string, number] => each[1] !== undefined));
      }),
    clusterId: () => line.call(() => "memory"),
  };
}
