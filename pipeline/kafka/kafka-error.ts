/** How the broker's numbers and the wire's errors become the `KafkaError` that the jobs know. */
import { KafkaError, type KafkaErrorCode } from "./port.ts";
import { brokerCodeName, brokerCodes } from "./wire/error-codes.ts";
import { WireError } from "./wire/wire-error.ts";

/**
 * An answer of the broker that refuses: surely nothing was done. `what` begins the sentence; `why` is the
 * broker's own, if it gave one.
 */
export function refusedBy(brokerCode: number, what: string, why?: string): KafkaError {
  const name = brokerCodeName(brokerCode);
  const message = `${what}: ${why === undefined ? name : `${name} (${why})`}`;
  return new KafkaError(codeOf(brokerCode), message, { definite: true });
}

/** Any error of the wire; others (the reason of an abort, a bug) are returned as they are. */
export function fromWire(error: unknown, what: string): unknown {
  if (!(error instanceof WireError)) return error;
  const message = `${what}: ${error.message}`;
  return new KafkaError(wireCode(error), message, { definite: error.definite, cause: error });
}

function wireCode(error: WireError): KafkaErrorCode {
  switch (error.code) {
    case "refused":
      return error.brokerCode === undefined ? "unauthorized" : codeOf(error.brokerCode);
    case "corrupt":
    case "unsupported":
    case "too-large":
      return "corrupt";
    case "closed":
      return "closed";
    case "unreachable":
    case "disconnected":
      return "unavailable";
  }
}

function codeOf(brokerCode: number): KafkaErrorCode {
  switch (brokerCode) {
    case brokerCodes.offsetOutOfRange:
      return "offset-out-of-range";
    case brokerCodes.rebalanceInProgress:
      return "rebalance";
    case brokerCodes.illegalGeneration:
      return "illegal-generation";
    case brokerCodes.unknownMemberId:
    case brokerCodes.fencedInstanceId:
      return "membership-lost";
    case brokerCodes.invalidProducerEpoch:
    case brokerCodes.producerFenced:
    case brokerCodes.transactionCoordinatorFenced:
    case brokerCodes.invalidProducerIdMapping:
      return "fenced";
    case brokerCodes.unknownTopicOrPartition:
      return "unknown-topic";
    case brokerCodes.nonEmptyGroup:
    case brokerCodes.groupSubscribedToTopic:
      return "group-not-empty";
    case brokerCodes.topicAuthorizationFailed:
    case brokerCodes.groupAuthorizationFailed:
    case brokerCodes.clusterAuthorizationFailed:
    case brokerCodes.transactionalIdAuthorizationFailed:
      return "unauthorized";
    case brokerCodes.corruptMessage:
      return "corrupt";
    case brokerCodes.leaderNotAvailable:
    case brokerCodes.notLeaderOrFollower:
    case brokerCodes.requestTimedOut:
    case brokerCodes.brokerNotAvailable:
    case brokerCodes.replicaNotAvailable:
    case brokerCodes.networkException:
    case brokerCodes.notEnoughReplicas:
    case brokerCodes.notEnoughReplicasAfterAppend:
    case brokerCodes.kafkaStorageError:
    case brokerCodes.fencedLeaderEpoch:
    case brokerCodes.unknownLeaderEpoch:
    case brokerCodes.coordinatorLoadInProgress:
    case brokerCodes.coordinatorNotAvailable:
    case brokerCodes.notCoordinator:
    case brokerCodes.concurrentTransactions:
    case brokerCodes.unstableOffsetCommit:
    case brokerCodes.offsetNotAvailable:
    case brokerCodes.notController:
      return "unavailable";
    default:
      return "refused";
  }
}
