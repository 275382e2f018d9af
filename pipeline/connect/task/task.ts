/**
 * One task of a persisting job: reads its share of the topics, writes to the store, and commits
 * offsets only after every record of a batch is known to be stored, or was skipped as the policy
 * says. Whatever ends a task, what was not committed is written again by its successor, and that is
 * harmless: writes are versioned. Everything it touches comes in as a port: log, group, store,
 * clock, randomness.
 */
import type { Clock } from "../../clock.ts";
import { connectGroup } from "../../contract/names.ts";
import type { CrashPort, TaskPoint } from "../../crash-points.ts";
import { type Assignment, type Kafka, KafkaError, type Membership } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import type { Sink } from "../../sinks/sink.ts";
import type { JobConfig } from "../config/job-config.ts";
import { workAssignment } from "./assignment-work.ts";
import { type DeadLetters, openDeadLetters } from "./dead-letters.ts";
import { insist, openSink } from "./insist.ts";
import { alwaysOpen, type PauseGate } from "./pause-gate.ts";
import { TaskError } from "./task-error.ts";
import { createTaskMeter, type TaskMeter } from "./task-meter.ts";

export type SinkTaskOptions = {
  readonly kafka: Kafka;
  readonly config: JobConfig;
  readonly sink: Sink;
  readonly clock: Clock;
  readonly log: Logger;
  /** [0, 1), for the jitter of back-offs. */
  readonly random: () => number;
  /** Id of this task among all of its group: kept over restarts. */
  readonly slot: number;
  readonly signal: AbortSignal;
  /** Kept by the caller over restarts; a new one when left out. */
  readonly meter?: TaskMeter;
  /** Never paused when left out. */
  readonly pause?: PauseGate;
  readonly crashPoint?: CrashPort<TaskPoint>;
  /** Called once: the store is open and partitions are assigned. */
  readonly onReady?: () => void;
  /** Called at each assignment, which may be empty. */
  readonly onAssigned?: (partitions: Assignment["partitions"]) => void;
};

type Parts = Parameters<typeof workAssignment>[1];

/**
 * Until `signal` is aborted: then the batch under way is finished, committed, and the group left.
 * Errors: `TaskError`, and `KafkaError` or `SinkError` when it is no use to ask again.
 */
export async function runSinkTask(options: SinkTaskOptions): Promise<void> {
  const { kafka, config, sink, slot, signal, log } = options;
  const { meter = createTaskMeter(), pause = alwaysOpen } = options;
  const group = connectGroup(config.name);
  let membership: Membership | undefined;
  let deadLetters: DeadLetters | "none" | undefined;
  try {
    await openSink(options);
    if (signal.aborted) return;
    deadLetters = await openDeadLetters({ ...options, meter, task: slot }, signal);
    if (deadLetters === undefined) return;
    const { sessionTimeoutMs, rebalanceTimeoutMs } = config.consumer;
    membership = kafka.groups.member({
      group,
      topics: config.topics,
      groupInstanceId: `${group}-${slot}`,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
    });
    await takeTurns(membership, { ...options, meter, pause, deadLetters });
  } finally {
    const { stored, notNewer, retired, deleted, skipped, retries } = meter;
    log.info({ stored, notNewer, retired, deleted, skipped, retries }, "task ends");
    meter.partitions = 0;
    meter.lag.clear();
    await quietly(() => membership?.leave(), "leaving the group", log);
    await quietly(() => closeDeadLetters(deadLetters), "closing the dead letters", log);
    await quietly(() => sink.close(), "closing the store", log);
  }
}

/** One assignment after the other. */
async function takeTurns(membership: Membership, parts: Parts): Promise<void> {
  const { signal, log, meter } = parts;
  for (let turn = 0; !signal.aborted; turn++) {
    const assignment = await insist(() => membership.next(signal), parts).catch(explain);
    if (assignment === undefined) return;
    const { generation, partitions } = assignment;
    log.info({ generation, partitions: Object.fromEntries(partitions) }, "partitions assigned");
    if (turn > 0) meter.rebalances++;
    parts.onAssigned?.(partitions);
    if (turn === 0) parts.onReady?.();
    await workAssignment(assignment, parts);
  }
}

/** A static member that joins again under the same name fences the one before it. */
function explain(error: unknown): never {
  const isFenced =
    error instanceof KafkaError && (error.code === "fenced" || error.code === "membership-lost");
  if (!isFenced) throw error;
  const message =
    "another task has joined the group under this one's name: two workers of the job run in one " +
    "slot. Give each a slot of its own";
  throw new TaskError("superseded", message, { cause: error });
}

async function closeDeadLetters(deadLetters: DeadLetters | "none" | undefined): Promise<void> {
  if (deadLetters !== undefined && deadLetters !== "none") await deadLetters.close();
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
