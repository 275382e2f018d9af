/**
 * What a transactional producer asks of its coordinators, one function a request. A request that fails
 * before EndTxn is definite for the transaction: without an EndTxn nothing of it is ever committed.
 * Source: Kafka protocol guide; the sequence as proven against Kafka 4.1.1.
 */
import {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  endTxnV3,
  initProducerIdV4,
  txnOffsetCommitV3,
} from "@platformatic/kafka";
import { openCoordinator } from "./coordinator.ts";
import { refusedBy } from "./kafka-error.ts";
import { firstError, offsetsByTopic } from "./offsets.ts";
import type { Assignment, PartitionOffset } from "./port.ts";
import type { Broker } from "./wire/broker.ts";
import { brokerCodes } from "./wire/error-codes.ts";

export type TopicPartition = { readonly topic: string; readonly partition: number };

export type TransactionRequests = {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly addPartitions: (partitions: readonly TopicPartition[]) => Promise<void>;
  /** Announces the group's offsets, then sends them under the pinned generation. */
  readonly addOffsets: (
    assignment: Assignment,
    offsets: readonly PartitionOffset[],
  ) => Promise<void>;
  /** Errors: `unavailable` that is not definite when the answer was lost. Never asked twice then. */
  readonly end: (outcome: "commit" | "abort") => Promise<void>;
};

/** CONCURRENT_TRANSACTIONS: the markers of the transaction before are still being written. */
const retriable = [brokerCodes.concurrentTransactions];

/** Fences the predecessors of this id; the broker aborts what they left open before it answers. */
export async function initTransactions(
  broker: Broker,
  transactionalId: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TransactionRequests> {
  const purpose = `transactions ${transactionalId}`;
  const coordinator = openCoordinator(broker, {
    kind: "transaction",
    key: transactionalId,
    purpose,
  });
  // A coordinator that is away longer than the transaction may live has ended it by then.
  const forMs = timeoutMs;
  const initialized = await coordinator({
    what: `producer id of ${transactionalId}`,
    api: initProducerIdV4.api,
    args: [transactionalId, timeoutMs, -1n, -1],
    codeOf: ({ errorCode }) => errorCode,
    forMs: Math.max(forMs, 60_000),
    retriable,
    repeatable: true,
    signal,
  });
  if (initialized.errorCode !== brokerCodes.none) {
    throw refusedBy(initialized.errorCode, `producer id of ${transactionalId}`);
  }
  const { producerId, producerEpoch } = initialized;

  async function addPartitions(partitions: readonly TopicPartition[]): Promise<void> {
    const what = `partitions of transaction ${transactionalId}`;
    const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, each]) => ({
      name,
      partitions: each.map(({ partition }) => partition),
    }));
    const answer = await coordinator({
      what,
      api: addPartitionsToTxnV3.api,
      args: [[{ transactionalId, producerId, producerEpoch, verifyOnly: false, topics }]],
      codeOf: ({ resultsByTransaction }) => partitionError(resultsByTransaction),
      forMs,
      retriable,
      repeatable: true,
    });
    const error = partitionError(answer.resultsByTransaction);
    if (error !== brokerCodes.none) throw refusedBy(error, what);
  }

  async function addOffsets(
    assignment: Assignment,
    offsets: readonly PartitionOffset[],
  ): Promise<void> {
    const { group, generation, memberId, groupInstanceId } = assignment;
    const what = `offsets of ${group} in transaction ${transactionalId}`;
    const added = await coordinator({
      what,
      api: addOffsetsToTxnV3.api,
      args: [transactionalId, producerId, producerEpoch, group],
      codeOf: ({ errorCode }) => errorCode,
      forMs,
      retriable,
      repeatable: true,
    });
    if (added.errorCode !== brokerCodes.none) throw refusedBy(added.errorCode, what);
    const groupCoordinator = openCoordinator(broker, { kind: "group", key: group, purpose });
    const committed = await groupCoordinator({
      what,
      api: txnOffsetCommitV3.api,
      args: [
        transactionalId,
        group,
        producerId,
        producerEpoch,
        generation,
        memberId,
        groupInstanceId ?? null,
        offsetsByTopic(offsets),
      ],
      codeOf: ({ topics }) => firstError(topics.flatMap(({ partitions }) => partitions)),
      forMs,
      retriable,
      repeatable: true,
    });
    const error = firstError(committed.topics.flatMap(({ partitions }) => partitions));
    if (error !== brokerCodes.none) throw refusedBy(error, what);
  }

  async function end(outcome: "commit" | "abort"): Promise<void> {
    const what = `${outcome} of transaction ${transactionalId}`;
    const answer = await coordinator({
      what,
      api: endTxnV3.api,
      args: [transactionalId, producerId, producerEpoch, outcome === "commit"],
      codeOf: ({ errorCode }) => errorCode,
      forMs,
      retriable,
      repeatable: false,
    });
    if (answer.errorCode !== brokerCodes.none) throw refusedBy(answer.errorCode, what);
  }

  return {
    transactionalId,
    producerId: Number(producerId),
    producerEpoch,
    addPartitions,
    addOffsets,
    end,
  };
}

type PartitionResults = readonly {
  readonly topicResults: readonly {
    readonly resultsByPartition: readonly { readonly partitionErrorCode: number }[];
  }[];
}[];

/** OPERATION_NOT_ATTEMPTED stands beside the error of the partition that was at fault: that one counts. */
function partitionError(results: PartitionResults): number {
  const codes = results.flatMap(({ topicResults }) =>
    topicResults.flatMap(({ resultsByPartition }) =>
      resultsByPartition.map(({ partitionErrorCode }) => partitionErrorCode),
    ),
  );
  const failed = codes.filter((code) => code !== brokerCodes.none);
  const fault = failed.find((code) => code !== brokerCodes.operationNotAttempted);
  return fault ?? failed[0] ?? brokerCodes.none;
}
