/** The broker in memory: topics, groups and transactions, and the requests that concern more than one of them. */
import type { Clock } from "../../pipeline/clock.ts";
import { KafkaError, type PartitionOffset } from "../../pipeline/kafka/port.ts";
import { checkBatch, type TransactionOutcome } from "./memory-batch.ts";
import { createMemoryGroup, type MemoryGroup, type Speaker } from "./memory-group.ts";
import { createMemoryOffsets, type MemoryOffsets } from "./memory-offsets.ts";
import { createNews, createTimers, type News } from "./memory-timing.ts";
import { createMemoryTopics, type MemoryTopics } from "./memory-topics.ts";
import {
  createMemoryTransactions,
  type MemoryTransactions,
  type OutcomeListener,
  type Owner,
} from "./memory-transactions.ts";

type GroupState = {
  readonly coordinator: MemoryGroup;
  readonly offsets: MemoryOffsets;
  readonly onOutcome: OutcomeListener;
};

export type MemoryBroker = {
  readonly topics: MemoryTopics;
  /** Told of every change of a log and of every end of a transaction. */
  readonly news: News;
  readonly transactions: MemoryTransactions;
  /** Groups come to be when they are first spoken of. */
  readonly group: (name: string) => GroupState;
  /** `owner` for a batch of a transaction. Returns the base offset. */
  readonly produce: (topic: string, partition: number, bytes: Buffer, owner?: Owner) => number;
  readonly addPartition: (owner: Owner, topic: string, partition: number) => Promise<void>;
  readonly addOffsets: (owner: Owner, group: string) => Promise<void>;
  /**
   * TxnOffsetCommit: generation and member are checked, ownership of the partitions is not; of who names neither,
   * nothing is (Kafka 4.1 `ClassicGroup.validateOffsetCommit`), as before KIP-447.
   */
  readonly stageOffsets: (
    owner: Owner,
    speaker: Speaker & { readonly group: string },
    offsets: readonly PartitionOffset[],
  ) => void;
  readonly endTransaction: (owner: Owner, outcome: TransactionOutcome) => void;
  /** Cancels all timers: nothing times out any more. */
  readonly close: () => void;
};

export function createMemoryBroker(clock: Clock): MemoryBroker {
  const timers = createTimers(clock);
  const news = createNews(timers);
  const topics = createMemoryTopics(clock.now);
  const transactions = createMemoryTransactions(timers, news.tell);
  const groups = new Map<string, GroupState>();

  function group(name: string): GroupState {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const offsets = createMemoryOffsets();
    const coordinator = createMemoryGroup(timers, (topic) => topics.partitions(topic).length);
    const state = { coordinator, offsets, onOutcome: offsets.decide };
    groups.set(name, state);
    return state;
  }

  function produce(topic: string, partition: number, bytes: Buffer, owner?: Owner): number {
    const log = topics.partition(topic, partition);
    const batch = checkBatch(bytes);
    const covered = owner !== undefined && transactions.covers(owner, log);
    if (batch.control || batch.transactional !== covered) {
      const message = `a batch for ${topic}-${partition} that belongs to no open transaction`;
      throw new KafkaError("refused", message, { definite: true });
    }
    const baseOffset = log.append(batch);
    news.tell();
    return baseOffset;
  }

  return {
    topics,
    news,
    transactions,
    group,
    produce,
    addPartition: async (owner, topic, partition) =>
      transactions.addPartition(owner, topics.partition(topic, partition)),
    addOffsets: (owner, name) => transactions.addGroup(owner, group(name).onOutcome),
    stageOffsets: (owner, speaker, offsets) => {
      const { coordinator, offsets: of } = group(speaker.group);
      if (!isNobody(speaker)) coordinator.verify(speaker);
      of.stage(owner.producerId, offsets);
    },
    endTransaction: transactions.end,
    close: timers.close,
  };
}

function isNobody({ generation, memberId, groupInstanceId }: Speaker): boolean {
  return generation < 0 && memberId === "" && groupInstanceId === undefined;
}
