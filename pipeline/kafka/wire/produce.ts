/**
 * Produces ready record batches: the request carries their bytes as they are. Hot path.
 * Source: Kafka protocol guide, Produce (version 9). acks is always -1: all in-sync replicas.
 */
import { createAPI, initProducerIdV4, type Reader, Writer } from "@platformatic/kafka";
import type { Broker } from "./broker.ts";
import { brokerCodeName, brokerCodes, leaderMoved } from "./error-codes.ts";
import { WireError } from "./wire-error.ts";

export type ProduceRequest = {
  readonly topic: string;
  readonly transactionalId?: string;
  /** One stamped batch a partition. The bytes are not copied: they stay as they are until the answer. */
  readonly batches: readonly { readonly partition: number; readonly bytes: Buffer }[];
  readonly acks?: -1;
  /** How long the broker may wait for its replicas; below the link's request time-out. */
  readonly timeoutMs: number;
};

export type ProduceResult = {
  readonly partition: number;
  /** 0, or what `classifyProduceError` takes. */
  readonly errorCode: number;
  readonly baseOffset: number;
  /** Epoch milliseconds; -1 for a topic of CreateTime. */
  readonly logAppendTime: number;
};

/**
 * `acked`: in the log.
 * `duplicate`: in the log from an earlier attempt, as acked; its offset is not known.
 * `retriable`: this request surely did not write it; send the same bytes again.
 * `unknown`: it may be in the log; sending the same bytes again decides it, another producer id would not.
 * `definite`: refused for what it is; sending it again cannot help, and nothing was written.
 * `fatal`: the broker has another idea of this producer: fenced, out of sequence or forgotten. Give it up.
 *    Out of sequence is no more than retriable while an earlier batch of the partition is not yet in the log.
 */
export type ProduceOutcome = "acked" | "duplicate" | "retriable" | "unknown" | "definite" | "fatal";

export function classifyProduceError(code: number): ProduceOutcome {
  switch (code) {
    case brokerCodes.none:
      return "acked";
    case brokerCodes.duplicateSequence:
      return "duplicate";
    case brokerCodes.leaderNotAvailable:
    case brokerCodes.brokerNotAvailable:
    case brokerCodes.replicaNotAvailable:
    case brokerCodes.coordinatorLoadInProgress:
    case brokerCodes.coordinatorNotAvailable:
    case brokerCodes.notCoordinator:
    case brokerCodes.notEnoughReplicas:
    case brokerCodes.concurrentTransactions:
    case brokerCodes.fencedLeaderEpoch:
    case brokerCodes.unknownLeaderEpoch:
      return "retriable";
    case brokerCodes.requestTimedOut:
    case brokerCodes.networkException:
    case brokerCodes.notEnoughReplicasAfterAppend:
    // A batch that was appended and waits for its replicas is answered with one of these when the broker stops leading
    // the partition, as in a clean restart. Source: Kafka's DelayedProduce#tryComplete, KAFKA-13574.
    case brokerCodes.notLeaderOrFollower:
    case brokerCodes.unknownTopicOrPartition:
    case brokerCodes.kafkaStorageError:
      return "unknown";
    case brokerCodes.outOfOrderSequence:
    case brokerCodes.invalidProducerEpoch:
    case brokerCodes.invalidTxnState:
    case brokerCodes.invalidProducerIdMapping:
    case brokerCodes.transactionCoordinatorFenced:
    case brokerCodes.unknownProducerId:
    case brokerCodes.producerFenced:
      return "fatal";
    default:
      return "definite";
  }
}

/**
 * One request to each leader concerned; one result for each batch, in their order. A connection that breaks
 * is a result (`networkException`), and so is a leader that cannot be reached (`leaderNotAvailable`).
 * Batches of one partition keep their order as long as calls are made in order and no more than five wait.
 * Errors: `WireError` of code `closed`, or `refused` for an unknown topic.
 */
export async function produce(
  broker: Broker,
  request: ProduceRequest,
  purpose = "produce",
): Promise<readonly ProduceResult[]> {
  const { topic, batches } = request;
  const { leaders } = await broker.topic(topic);
  const byLeader = Map.groupBy(batches, ({ partition }) => leaders[partition] ?? -1);
  const answers = await Promise.all(
    [...byLeader].map(([leader, led]) =>
      produceTo(broker, leader, { ...request, batches: led }, purpose),
    ),
  );
  const results = new Map(answers.flat().map((result) => [result.partition, result]));
  if ([...results.values()].some((result) => leaderMoved(result.errorCode))) broker.forget(topic);
  return batches.map(({ partition }) => {
    const unanswered = failed(partition, brokerCodes.networkException);
    return results.get(partition) ?? unanswered;
  });
}

async function produceTo(
  broker: Broker,
  leader: number,
  request: ProduceRequest,
  purpose: string,
): Promise<readonly ProduceResult[]> {
  const all = (code: number): ProduceResult[] =>
    request.batches.map(({ partition }) => failed(partition, code));
  if (leader < 0) return all(brokerCodes.leaderNotAvailable);
  try {
    return await broker.leanLink(leader, purpose).call(produceApi, [request]);
  } catch (error) {
    if (!(error instanceof WireError) || error.code === "closed") throw error;
    if (error.code === "disconnected") return all(brokerCodes.networkException);
    if (error.code === "unreachable") return all(brokerCodes.leaderNotAvailable);
    throw error;
  }
}

function failed(partition: number, errorCode: number): ProduceResult {
  return { partition, errorCode, baseOffset: -1, logAppendTime: -1 };
}

const initAttempts = 50;
const initWaitMs = 100;

/** A producer id of one's own, without a transactional id. Errors: as `Link`, or `refused`. */
export async function initProducer(
  broker: Broker,
): Promise<{ readonly producerId: number; readonly producerEpoch: number }> {
  for (let attempt = 1; ; attempt++) {
    const answer = await broker.any.call(initProducerIdV4.api, [null, 60_000, -1n, -1]);
    const { errorCode, producerEpoch } = answer;
    if (errorCode === brokerCodes.none)
      return { producerId: Number(answer.producerId), producerEpoch };
    if (classifyProduceError(errorCode) !== "retriable" || attempt === initAttempts) {
      const what = `no producer id: ${brokerCodeName(errorCode)}`;
      throw new WireError("refused", what, { brokerCode: errorCode });
    }
    await broker.clock.sleep(initWaitMs);
  }
}

const produceApi = createAPI<[ProduceRequest], readonly ProduceResult[]>(
  0,
  9,
  ({ transactionalId, timeoutMs, topic, batches }: ProduceRequest) =>
    Writer.create()
      .appendString(transactionalId ?? null)
      .appendInt16(-1)
      .appendInt32(timeoutMs)
      .appendArray([topic], (writer, name) => {
        writer.appendString(name).appendArray([...batches], (each, { partition, bytes }) => {
          each
            .appendInt32(partition)
            .appendUnsignedVarInt(bytes.length + 1)
            .append(bytes);
        });
      })
      .appendTaggedFields(),
  (_correlationId, _key, _version, reader) =>
    reader
      .readArray((topics) => {
        topics.readString();
        return topics.readArray(readPartition);
      })
      .flat(),
);

function readPartition(reader: Reader): ProduceResult {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  const baseOffset = Number(reader.readInt64());
  const logAppendTime = Number(reader.readInt64());
  reader.readInt64(); // log start offset
  reader.readArray((errors) => {
    errors.readInt32();
    errors.readNullableString();
  });
  reader.readNullableString(); // error message
  return { partition, errorCode, baseOffset, logAppendTime };
}
