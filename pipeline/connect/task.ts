/**
 * One task of a persisting job: reads its share of the topics, read committed, writes to the store, and
 * commits offsets only after every item of a batch is known to be stored. Whatever ends a task, what was
 * not committed is written again by its successor, and that is harmless: writes are versioned.
 * Everything it touches comes in as a port: log, group, store, clock, randomness.
 */
import type { Clock } from "../clock.ts";
import { connectGroup } from "../contract/names.ts";
import type { Kafka, Membership } from "../kafka/port.ts";
import type { Logger } from "../logger.ts";
import type { Sink } from "../sinks/sink.ts";
import { workAssignment } from "./assignment-work.ts";
import type { JobConfig } from "./config.ts";
import { insist, openSink } from "./insist.ts";
import type { WriteCounts } from "./write-until-stored.ts";

/** Where a test may let a task die. */
export type CrashPoint = "before-write" | "after-write" | "before-commit" | "after-commit";

export type SinkTaskOptions = {
  readonly kafka: Kafka;
  readonly config: JobConfig;
  readonly sink: Sink;
  readonly clock: Clock;
  readonly log: Logger;
  /** [0, 1), for the jitter of back-offs. */
  readonly random: () => number;
  /** Of this task among all of its group: kept over restarts. */
  readonly slot: number;
  readonly signal: AbortSignal;
  readonly crashPoint?: (point: CrashPoint) => void | Promise<void>;
  /** Called once: the store is open and partitions are assigned. */
  readonly onReady?: () => void;
};

/** A task that is gone for longer gives its partitions to others. */
const sessionTimeoutMs = 10_000;
const rebalanceTimeoutMs = 60_000;

/**
 * Until `signal` is aborted: then the batch under way is finished, committed, and the group left.
 * Errors: `TaskError`, and `KafkaError` or `SinkError` when it is no use to ask again.
 */
export async function runSinkTask(options: SinkTaskOptions): Promise<void> {
  const { kafka, config, sink, slot, signal, log } = options;
  const counts: WriteCounts = { stored: 0, notNewer: 0, retired: 0, retries: 0 };
  const group = connectGroup(config.name);
  let membership: Membership | undefined;
  try {
    await openSink(options);
    if (signal.aborted) return;
    membership = kafka.groups.member({
      group,
      topics: config.topics,
      groupInstanceId: `${group}-${slot}`,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
    });
    await takeTurns(membership, options, counts);
  } finally {
    log.info({ ...counts }, "task ends");
    await quietly(() => membership?.leave(), "leaving the group", log);
    await quietly(() => sink.close(), "closing the store", log);
  }
}

/** One assignment after the other. */
async function takeTurns(
  membership: Membership,
  options: SinkTaskOptions,
  counts: WriteCounts,
): Promise<void> {
  const { signal, log } = options;
  for (let turn = 0; !signal.aborted; turn++) {
    const assignment = await insist(() => membership.next(signal), options);
    if (assignment === undefined) return;
    const { generation, partitions } = assignment;
    log.info({ generation, partitions: Object.fromEntries(partitions) }, "partitions assigned");
    if (turn === 0) options.onReady?.();
    await workAssignment(assignment, options, counts);
  }
}

/** The task ends anyway, and for its own reason: what fails on the way out is told, not thrown. */
async function quietly(
  work: () => Promise<void> | undefined,
  what: string,
  log: Logger,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn({ cause: error instanceof Error ? error.message : String(error) }, `${what} failed`);
  }
}
