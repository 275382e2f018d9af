/** The client's side of a group: joins, heartbeats by itself, and says when partitions must be given up. */
import type { Clock } from "../../pipeline/clock.ts";
import { heartbeatEveryMs } from "../../pipeline/kafka/heartbeat.ts";
import {
  type Assignment,
  KafkaError,
  type Membership,
  type MembershipOptions,
} from "../../pipeline/kafka/port.ts";
import type { Joined, MemoryGroup } from "./memory-group.ts";
import type { MemoryLine } from "./memory-line.ts";

export function createMemoryMembership(
  group: MemoryGroup,
  options: MembershipOptions & { readonly clientId: string },
  line: MemoryLine,
  clock: Clock,
): Membership {
  let memberId: string | undefined;
  let left = false;
  /** Ends the assignment before, and with it its heartbeats. */
  let giveUp: (reason: KafkaError) => void = () => {};

  async function next(signal: AbortSignal): Promise<Assignment> {
    if (left) throw new KafkaError("closed", "this member has left the group", { definite: true });
    giveUp(mustGiveUp("rebalance", "the member asked for its next assignment"));
    const joined = await joinOnceMoreIfForgotten(signal);
    const revoked = new AbortController();
    const over = new AbortController();
    giveUp = (reason) => {
      revoked.abort(reason);
      over.abort(reason);
    };
    const assignment = {
      group: options.group,
      generation: joined.generation,
      memberId: joined.memberId,
      groupInstanceId: options.groupInstanceId,
      partitions: joined.partitions,
      revoked: revoked.signal,
    };
    void heartbeat(assignment, revoked, over);
    return assignment;
  }

  async function joinOnceMoreIfForgotten(signal: AbortSignal): Promise<Joined> {
    const wasKnown = memberId !== undefined;
    try {
      return await join(signal);
    } catch (error) {
      const forgotten = error instanceof KafkaError && error.code === "membership-lost";
      if (!forgotten || !wasKnown) throw error;
      memberId = undefined;
      return join(signal);
    }
  }

  async function join(signal: AbortSignal): Promise<Joined> {
    memberId ??= await line.call(() => group.admit(options.clientId), signal);
    const { groupInstanceId, topics, sessionTimeoutMs, rebalanceTimeoutMs } = options;
    const request = { memberId, groupInstanceId, topics, sessionTimeoutMs, rebalanceTimeoutMs };
    return line.call(() => group.join(request), signal);
  }

  /** Goes on after a `rebalance` until the caller has finished: the session must not end meanwhile. */
  async function heartbeat(
    assignment: Assignment,
    revoked: AbortController,
    over: AbortController,
  ): Promise<void> {
    const { sessionTimeoutMs } = options;
    const until = over.signal;
    const hungUp = (): void => over.abort(line.closed.reason);
    line.closed.addEventListener("abort", hungUp, { once: true });
    let renewedAtMs = clock.monotonicMs();
    const overdue = (): boolean => clock.monotonicMs() - renewedAtMs >= sessionTimeoutMs;
    try {
      for (;;) {
        await clock.sleep(heartbeatEveryMs(sessionTimeoutMs), until);
        const sentAtMs = clock.monotonicMs();
        const state = await line
          .call(() => group.heartbeat(assignment), until)
          .catch((error: unknown) => notYet(error, overdue()));
        if (state === "unanswered") continue;
        renewedAtMs = sentAtMs;
        if (state === "rebalancing") {
          revoked.abort(mustGiveUp("rebalance", "the group shares its partitions out anew"));
        }
      }
    } catch (cause) {
      // Given up or left: the owner knows, it is revoked. Otherwise the group has gone on without this member.
      revoked.abort(lostBecause(cause));
    } finally {
      line.closed.removeEventListener("abort", hungUp);
    }
  }

  async function leave(): Promise<void> {
    if (left) return;
    left = true;
    giveUp(mustGiveUp("membership-lost", "the member has left the group"));
    const leaving = memberId;
    if (leaving !== undefined) await line.call(() => group.leave(leaving));
  }

  return { next, leave };
}

function mustGiveUp(code: "rebalance" | "membership-lost", message: string): KafkaError {
  return new KafkaError(code, message, { definite: true });
}

/** A broker that cannot be reached is asked again for as long as the session may last. */
function notYet(error: unknown, overdue: boolean): "unanswered" {
  if (overdue || !(error instanceof KafkaError) || error.code !== "unavailable") throw error;
  return "unanswered";
}

function lostBecause(cause: unknown): KafkaError {
  const message = "the group went on without this member: its partitions may have another owner";
  return new KafkaError("membership-lost", message, { definite: true, cause });
}
