/**
 * The coordinator of one group in memory (classic protocol, eager): members join, the join phase waits for
 * all of them or for the rebalance time-out, then a new generation begins. Assignment happens within the join
 * (the range assignor that every leader here uses), so there is no sync phase.
 * Source: Kafka 4.1 `ClassicGroup` and `GroupMetadataManager.classicGroupJoin*`. Over 150 lines: the states of
 * one protocol, which reads worse in pieces.
 */
import { KafkaError } from "../../pipeline/kafka/port.ts";
import { assignRanges } from "./memory-assignor.ts";
import type { Timers } from "./memory-timing.ts";

type JoinRequest = {
  /** From `admit`, or of an earlier join. */
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
};

export type Joined = {
  readonly generation: number;
  readonly memberId: string;
  readonly partitions: ReadonlyMap<string, readonly number[]>;
};

/** Who speaks, and of which generation. */
export type Speaker = Pick<Joined, "generation" | "memberId"> & {
  readonly groupInstanceId: string | undefined;
};

export type MemoryGroup = {
  /** A fresh member id, known to the group: a member that dies in its first join leaves no unknown ghost. */
  readonly admit: (clientId: string) => string;
  /**
   * Errors: `membership-lost` (unknown member id), `fenced` (another member has this instance id),
   * `unknown-topic`.
   */
  readonly join: (request: JoinRequest) => Promise<Joined>;
  /** Keeps the session alive. Errors: `membership-lost`, `illegal-generation`. */
  readonly heartbeat: (speaker: Speaker) => "stable" | "rebalancing";
  readonly leave: (memberId: string) => void;
  /** Static members count while their session lasts; who has only been admitted does not. */
  readonly memberCount: () => number;
  /** As brokers do, ownership of partitions is not checked. Errors: `membership-lost`, `illegal-generation`. */
  readonly verify: (speaker: Speaker) => void;
};

type Member = {
  memberId: string;
  request: JoinRequest;
  partitions: ReadonlyMap<string, readonly number[]>;
  /** Present while the member waits in the join phase. Its session does not run then. */
  waiting: PromiseWithResolvers<Joined> | undefined;
  endSession: () => void;
};

export function createMemoryGroup(
  timers: Timers,
  partitionCount: (topic: string) => number,
): MemoryGroup {
  /** By member id, in order of joining: the first one leads. */
  const members = new Map<string, Member>();
  const admitted = new Set<string>();
  let generation = 0;
  let named = 0;
  let cancelRebalance: (() => void) | undefined;

  function admit(clientId: string): string {
    named += 1;
    const memberId = `${clientId}-${named}`;
    admitted.add(memberId);
    return memberId;
  }

  async function join(request: JoinRequest): Promise<Joined> {
    request.topics.forEach(partitionCount); // throws before anything has changed
    const { member, keepsShare } = memberOf(request);
    const asBefore = String(member.request.topics) === String(request.topics);
    member.request = request;
    const settled = cancelRebalance === undefined && member.waiting === undefined;
    if (settled && asBefore && keepsShare) return current(member);
    member.endSession();
    member.waiting ??= Promise.withResolvers<Joined>();
    const { promise } = member.waiting;
    rebalance();
    return promise;
  }

  /**
   * The member that asks to join: known, back under its instance id (which fences its old self), or new.
   * A follower and a static member that is back get their old share; a leader that joins again wants new ones.
   */
  function memberOf(request: JoinRequest): { member: Member; keepsShare: boolean } {
    const known = members.get(request.memberId);
    if (known !== undefined) {
      return { member: known, keepsShare: members.values().next().value !== known };
    }
    const { memberId, groupInstanceId } = request;
    const namesake = [...members.values()].find(
      (member) =>
        groupInstanceId !== undefined && member.request.groupInstanceId === groupInstanceId,
    );
    if (!admitted.delete(memberId)) {
      throw namesake === undefined ? unknownMember(memberId) : fenced(memberId);
    }
    if (namesake !== undefined) replace(namesake, memberId);
    const member = namesake ?? newMember(request);
    members.set(memberId, member);
    return { member, keepsShare: namesake !== undefined };
  }

  function replace(member: Member, memberId: string): void {
    members.delete(member.memberId);
    member.waiting?.reject(fenced(member.memberId));
    member.waiting = undefined;
    member.memberId = memberId;
  }

  function current(member: Member): Joined {
    touch(member);
    return { generation, memberId: member.memberId, partitions: member.partitions };
  }

  function rebalance(): void {
    if (cancelRebalance === undefined) {
      const timeouts = [...members.values()].map((member) => member.request.rebalanceTimeoutMs);
      cancelRebalance = timers.after(Math.max(0, ...timeouts), completeJoin);
    }
    if ([...members.values()].every((member) => member.waiting !== undefined)) completeJoin();
  }

  /** Dynamic members that did not come are out; static ones keep their share until their session ends. */
  function completeJoin(): void {
    cancelRebalance?.();
    cancelRebalance = undefined;
    for (const member of members.values()) {
      const isStatic = member.request.groupInstanceId !== undefined;
      if (member.waiting === undefined && !isStatic) drop(member);
    }
    generation += 1;
    const subscribers = [...members.values()].map(({ memberId, request }) => ({
      memberId,
      groupInstanceId: request.groupInstanceId,
      topics: request.topics,
    }));
    const shares = assignRanges(subscribers, partitionCount);
    for (const member of members.values()) {
      member.partitions = shares.get(member.memberId) ?? new Map();
      const { waiting } = member;
      member.waiting = undefined;
      if (waiting !== undefined) waiting.resolve(current(member));
    }
  }

  function touch(member: Member): void {
    member.endSession();
    member.endSession = timers.after(member.request.sessionTimeoutMs, () => remove(member));
  }

  function drop(member: Member): void {
    member.endSession();
    members.delete(member.memberId);
    member.waiting?.reject(unknownMember(member.memberId));
  }

  function remove(member: Member): void {
    drop(member);
    rebalance();
  }

  function verify(speaker: Speaker): Member {
    const member = members.get(speaker.memberId);
    if (member === undefined) throw unknownMember(speaker.memberId);
    if (speaker.generation !== generation) {
      const message = `generation ${speaker.generation} is over: the group is at ${generation}`;
      throw new KafkaError("illegal-generation", message, { definite: true });
    }
    return member;
  }

  function heartbeat(speaker: Speaker): "stable" | "rebalancing" {
    const member = verify(speaker);
    if (member.waiting === undefined) touch(member);
    return cancelRebalance === undefined ? "stable" : "rebalancing";
  }

  function leave(memberId: string): void {
    admitted.delete(memberId);
    const member = members.get(memberId);
    if (member !== undefined) remove(member);
  }

  return {
    admit,
    join,
    heartbeat,
    leave,
    memberCount: () => members.size,
    verify: (speaker) => void verify(speaker),
  };
}

function newMember(request: JoinRequest): Member {
  return {
    memberId: request.memberId,
    request,
    partitions: new Map(),
    waiting: undefined,
    endSession: () => {},
  };
}

function unknownMember(memberId: string): KafkaError {
  const message = `the group no longer knows member ${memberId}`;
  return new KafkaError("membership-lost", message, { definite: true });
}

function fenced(memberId: string): KafkaError {
  const message = `member ${memberId} was replaced by another one with its instance id`;
  return new KafkaError("fenced", message, { definite: true });
}
