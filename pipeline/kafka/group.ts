/**
 * Membership of a consumer group, as a loop of our own: join, sync, heartbeat. The partitions are given up by
 * asking for the next assignment, so a revoke is awaited by construction; the generation is pinned in each
 * assignment. Eager protocol, Kafka's "range" assignor. Source: Kafka protocol guide and
 * org.apache.kafka.clients.consumer.internals.AbstractCoordinator.
 */
import { joinGroupV9, leaveGroupV5, syncGroupV5 } from "@platformatic/kafka";
import { decodeAssignment, encodeAssignment, encodeSubscription } from "./consumer-protocol.ts";
import { openCoordinator } from "./coordinator.ts";
import { leaderAssignments } from "./group-leader.ts";
import { type Heartbeat, startHeartbeat } from "./heartbeat.ts";
import { refusedBy } from "./kafka-error.ts";
import { type Assignment, KafkaError, type Membership, type MembershipOptions } from "./port.ts";
import type { Broker } from "./wire/broker.ts";
import { brokerCodes } from "./wire/error-codes.ts";

const protocol = { type: "consumer", name: "range" } as const;
/** Joins that the coordinator turns down one after the other, before that is an error. */
const joinAttemptsMax = 100;
/** A coordinator that moves or restarts is back within this time. */
const patienceMs = 60_000;

let memberships = 0;

/** A generation in which this member takes part, and what it says. */
type Joined = {
  readonly generation: number;
  readonly partitions: Assignment["partitions"];
};

/** Heartbeats end with `leave`, or with the client: `closed`. */
export function openMembership(
  broker: Broker,
  options: MembershipOptions,
  closed: AbortSignal,
): Membership {
  const { group, topics } = options;
  const { clock } = broker;
  const groupInstanceId = options.groupInstanceId;
  const instance = groupInstanceId ?? null;
  // Each membership has connections of its own: a join may wait long for its answer.
  memberships += 1;
  const name = `membership ${memberships} of ${group}`;
  // The coordinator answers a join when all members have come, or their time is up.
  const answerMs = options.rebalanceTimeoutMs + options.sessionTimeoutMs + 10_000;
  const at = { kind: "group", key: group } as const;
  const joining = openCoordinator(broker, { ...at, purpose: name, requestTimeoutMs: answerMs });
  const beating = openCoordinator(broker, { ...at, purpose: `heartbeat, ${name}` });
  let memberId = "";
  let heartbeat: Heartbeat | undefined;
  let gone: KafkaError | undefined;

  async function next(signal: AbortSignal): Promise<Assignment> {
    await rest();
    if (gone !== undefined) throw gone;
    for (let attempt = 0; attempt < joinAttemptsMax; attempt++) {
      signal.throwIfAborted();
      const joined = await join(signal);
      if (joined !== undefined) return assigned(joined);
    }
    const what = `${group} turned ${joinAttemptsMax} joins down`;
    throw new KafkaError("unavailable", what, { definite: true });
  }

  /** Ends the heartbeat of the assignment before. What it learned about this member stays true. */
  async function rest(): Promise<void> {
    const ended = await heartbeat?.stop();
    heartbeat = undefined;
    if (ended === brokerCodes.unknownMemberId) memberId = "";
    if (ended === brokerCodes.fencedInstanceId) gone = refusedBy(ended, `member of ${group}`);
  }

  function assigned({ generation, partitions }: Joined): Assignment {
    const { sessionTimeoutMs } = options;
    const member = { group, generation, memberId, groupInstanceId };
    heartbeat = startHeartbeat(beating, clock, { ...member, sessionTimeoutMs, closed });
    return { ...member, partitions, revoked: heartbeat.revoked };
  }

  /** One round of join and sync; nothing when the group began another round meanwhile. */
  async function join(signal: AbortSignal): Promise<Joined | undefined> {
    const what = `joining ${group}`;
    const answer = await joining({
      what,
      api: joinGroupV9.api,
      args: [
        group,
        options.sessionTimeoutMs,
        options.rebalanceTimeoutMs,
        memberId,
        instance,
        protocol.type,
        [{ name: protocol.name, metadata: encodeSubscription(topics) }],
        null,
      ],
      codeOf: ({ errorCode }) => errorCode,
      forMs: patienceMs,
      repeatable: true,
      signal,
    });
    if (answer.errorCode === brokerCodes.memberIdRequired) memberId = answer.memberId;
    if (turnedDown(answer.errorCode)) return undefined;
    if (answer.errorCode !== brokerCodes.none) throw refusedBy(answer.errorCode, what);
    memberId = answer.memberId;
    const leads = answer.leader === memberId && !answer.skipAssignment;
    const assignments = leads ? await leaderAssignments(broker, answer.members) : [];
    return sync(answer.generationId, assignments, signal);
  }

  async function sync(
    generation: number,
    assignments: Awaited<ReturnType<typeof leaderAssignments>>,
    signal: AbortSignal,
  ): Promise<Joined | undefined> {
    const what = `taking part in generation ${generation} of ${group}`;
    const encoded = assignments.map((each) => ({
      memberId: each.memberId,
      assignment: encodeAssignment(each.partitions),
    }));
    const answer = await joining({
      what,
      api: syncGroupV5.api,
      args: [group, generation, memberId, instance, protocol.type, protocol.name, encoded],
      codeOf: ({ errorCode }) => errorCode,
      forMs: patienceMs,
      repeatable: true,
      signal,
    });
    if (turnedDown(answer.errorCode)) return undefined;
    if (answer.errorCode !== brokerCodes.none) throw refusedBy(answer.errorCode, what);
    return { generation, partitions: decodeAssignment(answer.assignment) };
  }

  /** Whether the answer asks to join anew, perhaps as somebody else. */
  function turnedDown(code: number): boolean {
    if (code === brokerCodes.unknownMemberId) memberId = "";
    return (
      code === brokerCodes.memberIdRequired ||
      code === brokerCodes.unknownMemberId ||
      code === brokerCodes.illegalGeneration ||
      code === brokerCodes.rebalanceInProgress
    );
  }

  async function leave(): Promise<void> {
    await rest();
    if (gone !== undefined || memberId === "") return;
    const what = `leaving ${group}`;
    gone = new KafkaError("closed", `${group} was left`, { definite: true });
    const answer = await beating({
      what,
      api: leaveGroupV5.api,
      args: [group, [{ memberId, groupInstanceId: instance, reason: null }]],
      codeOf: ({ errorCode }) => errorCode,
      forMs: options.sessionTimeoutMs,
      repeatable: true,
    });
    // Whoever is no member any more has left as well.
    if (answer.errorCode === brokerCodes.unknownMemberId) return;
    if (answer.errorCode !== brokerCodes.none) throw refusedBy(answer.errorCode, what);
  }

  return { next, leave };
}
