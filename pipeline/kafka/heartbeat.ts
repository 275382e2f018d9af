/**
 * Keeps a member in its group and learns when its partitions must be given up. Beats run beside the work,
 * from the assignment until the next join; the local clock alone ends a session that no beat could renew.
 */
import { heartbeatV4 } from "@platformatic/kafka";
import type { Clock } from "../clock.ts";
import type { Coordinator } from "./coordinator.ts";
import { refusedBy } from "./kafka-error.ts";
import { KafkaError } from "./port.ts";
import { brokerCodes } from "./wire/error-codes.ts";

/** Beats in one session time-out, at least: two may get lost. */
const beatsPerSession = 3;
/**
 * A beat is also how a member learns that the group shares out anew: until all have, nobody serves the partitions of
 * one that left. Two requests a second cost a coordinator nothing; three seconds, as is usual, are a gap of three.
 */
const longestPauseMs = 500;

/** Milliseconds from one beat to the next. */
export function heartbeatEveryMs(sessionTimeoutMs: number): number {
  return Math.min(sessionTimeoutMs / beatsPerSession, longestPauseMs);
}

export type HeartbeatOptions = {
  readonly group: string;
  readonly generation: number;
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly sessionTimeoutMs: number;
  /** The end of the client: no beat may outlive its connections. */
  readonly closed: AbortSignal;
};

export type Heartbeat = {
  readonly revoked: AbortSignal;
  /** Ends the beats, and the assignment. Returns the broker's code that ended the membership, 0 if none did. */
  readonly stop: () => Promise<number>;
};

export function startHeartbeat(
  coordinator: Coordinator,
  clock: Clock,
  options: HeartbeatOptions,
): Heartbeat {
  const { group, generation, memberId, sessionTimeoutMs } = options;
  const revoked = new AbortController();
  const stopped = new AbortController();
  let renewedAtMs = clock.monotonicMs();
  let endedBy: number = brokerCodes.none;

  async function run(): Promise<void> {
    while (!stopped.signal.aborted && !lost()) {
      await pause(heartbeatEveryMs(sessionTimeoutMs));
      if (stopped.signal.aborted) return;
      const left = renewedAtMs + sessionTimeoutMs - clock.monotonicMs();
      if (left <= 0) return overrun();
      await beat(left);
    }
  }

  async function pause(ms: number): Promise<void> {
    await clock.sleep(ms, stopped.signal).catch(() => undefined);
  }

  /** One beat, given up when the session would be over. */
  async function beat(left: number): Promise<void> {
    const sentAtMs = clock.monotonicMs();
    const done = new AbortController();
    const signal = AbortSignal.any([done.signal, stopped.signal]);
    const late = clock.sleep(left, signal).then(
      () => {
        overrun();
        done.abort();
      },
      () => undefined,
    );
    try {
      const answer = await coordinator({
        what: `heartbeat of ${group}`,
        api: heartbeatV4.api,
        args: [group, generation, memberId, options.groupInstanceId ?? null],
        codeOf: ({ errorCode }) => errorCode,
        forMs: left,
        repeatable: true,
        signal,
      });
      judge(answer.errorCode, sentAtMs);
    } catch (error) {
      if (stopped.signal.aborted) return;
      overrun(error);
    } finally {
      done.abort();
      await late;
    }
  }

  function judge(code: number, sentAtMs: number): void {
    const refused = refusedBy(code, `member ${memberId} of ${group}`);
    if (code === brokerCodes.none) {
      renewedAtMs = sentAtMs;
    } else if (code === brokerCodes.rebalanceInProgress) {
      renewedAtMs = sentAtMs;
      revoked.abort(refused);
    } else {
      endedBy = code;
      lose(refused.message, refused);
    }
  }

  function overrun(cause?: unknown): void {
    lose(`no heartbeat of ${group} was answered within ${sessionTimeoutMs} ms`, cause);
  }

  /** A rebalance that was announced turns into a loss silently: an `AbortSignal` has one reason only. */
  function lose(message: string, cause: unknown): void {
    revoked.abort(new KafkaError("membership-lost", message, { definite: true, cause }));
    stopped.abort();
  }

  function lost(): boolean {
    const { reason } = revoked.signal;
    return reason instanceof KafkaError && reason.code === "membership-lost";
  }

  async function stop(): Promise<number> {
    options.closed.removeEventListener("abort", stop);
    stopped.abort();
    await running;
    const message = `the assignment of generation ${generation} of ${group} is over`;
    revoked.abort(new KafkaError("membership-lost", message, { definite: true }));
    return endedBy;
  }

  const running = run();
  options.closed.addEventListener("abort", stop);
  return { revoked: revoked.signal, stop };
}
