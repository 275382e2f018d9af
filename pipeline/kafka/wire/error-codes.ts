/** Kafka's error numbers, by the names that this product acts on. Source: protocol guide, "Error Codes". */
import { protocolErrorsCodesById } from "@platformatic/kafka";

export const brokerCodes = {
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  brokerNotAvailable: 8,
  replicaNotAvailable: 9,
  messageTooLarge: 10,
  /** Never sent by a broker: stands for a connection that broke while the request was in flight. */
  networkException: 13,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopic: 17,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  illegalGeneration: 22,
  unknownMemberId: 25,
  rebalanceInProgress: 27,
  topicAuthorizationFailed: 29,
  groupAuthorizationFailed: 30,
  clusterAuthorizationFailed: 31,
  topicAlreadyExists: 36,
  notController: 41,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  invalidTxnState: 48,
  invalidProducerIdMapping: 49,
  concurrentTransactions: 51,
  transactionCoordinatorFenced: 52,
  transactionalIdAuthorizationFailed: 53,
  operationNotAttempted: 55,
  kafkaStorageError: 56,
  unknownProducerId: 59,
  nonEmptyGroup: 68,
  groupIdNotFound: 69,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  offsetNotAvailable: 78,
  memberIdRequired: 79,
  groupMaxSizeReached: 81,
  fencedInstanceId: 82,
  groupSubscribedToTopic: 86,
  unstableOffsetCommit: 88,
  producerFenced: 90,
} as const;

/** The name in Kafka's protocol guide, for sentences that people read. */
export function brokerCodeName(code: number): string {
  const names: Readonly<Record<number, string>> = protocolErrorsCodesById;
  return names[code] ?? `error ${code}`;
}

/** Whether the answer says that the partition's leader is, or may be, elsewhere: ask for it again. */
export function leaderMoved(code: number): boolean {
  switch (code) {
    case brokerCodes.unknownTopicOrPartition:
    case brokerCodes.leaderNotAvailable:
    case brokerCodes.notLeaderOrFollower:
    case brokerCodes.replicaNotAvailable:
    case brokerCodes.networkException:
    case brokerCodes.kafkaStorageError:
    case brokerCodes.fencedLeaderEpoch:
    case brokerCodes.unknownLeaderEpoch:
    case brokerCodes.offsetNotAvailable:
      return true;
    default:
      return false;
  }
}
