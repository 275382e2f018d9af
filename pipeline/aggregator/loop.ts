/**
 * The aggregator's life: join the group, rebuild the state, read, fold, write, commit; after any error begin
 * again at what was committed. Log, group, transactions and clock are ports: the same loop runs on a broker
 * and in the simulation.
 */
import type { Clock } from "../clock.ts";
import type { AggregatorPoint, CrashPort } from "../crash-points.ts";
import { type Assignment, type Kafka, KafkaError, type Membership } from "../kafka/port.ts";
import type { Logger } from "../logger.ts";
import { AggregatorError } from "./aggregator-error.ts";
import { type AggregatorMeter, createAggregatorMeter } from "./aggregator-meter.ts";
import { checkTopics, checkUnchanged } from "./check-topics.ts";
import type { AggregatorConfig } from "./config.ts";
import { createCrashPoint, SimulatedCrash } from "./crash-point.ts";
import { recoverable } from "./failures.ts";
import { createPatience } from "./patience.ts";
import type { Progress } from "./progress.ts";
import { createTenure, type TenurePorts } from "./tenure.ts";

export type AggregatorOptions = {
  readonly kafka: Kafka;
  readonly config: AggregatorConfig;
  readonly clock: Clock;
  readonly log: Logger;
  /** Number of this instance, kept over restarts: names its transactional id and its static membership. */
  readonly slot: number;
  /** Aborted to end the job cleanly: what was folded is committed, the group is left. */
  readonly signal: AbortSignal;
  readonly crashPoint?: CrashPort<AggregatorPoint>;
  /** Counts what it does, for whoever looks on. */
  readonly meter?: AggregatorMeter;
  /** After every commit. */
  readonly onProgress?: (progress: Progress) => void;
  /** Once, when the first assignment's state is rebuilt and reading begins (or it is an empty one). */
  readonly onReady?: () => void;
};

/** A job that dies is replaced within this time; a pause of the machine should not cost the partitions. */
const sessionTimeoutMs = 10_000;
/** Enough for a commit that is under way, and far below what other members would call a stall. */
const rebalanceTimeoutMs = 30_000;

/**
 * Runs until `signal` is aborted. Errors: `AggregatorError`, or whatever else cannot be recovered from;
 * nothing is lost then, a restart goes on from the last commit.
 */
export async function runAggregator(options: AggregatorOptions): Promise<void> {
  const { kafka, config, log, slot, signal } = options;
  const partitions = await checkTopics(kafka.log, config.topics);
  const instance = `${config.group}-${slot}`;
  const meter = options.meter ?? createAggregatorMeter();
  const ports = tenurePorts(options, meter, instance, partitions);
  const tenure = createTenure(ports);
  const membership = kafka.groups.member({
    group: config.group,
    topics: [config.topics.raw],
    groupInstanceId: instance,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
  });
  try {
    for (;;) {
      const assignment = await nextAssignment(ports, membership, signal);
      if (assignment === undefined) break;
      await ports.crash("after-assign");
      await checkUnchanged(kafka.log, config.topics, partitions);
      await tenure.serve(assignment, signal);
      // Until the next assignment nobody reads: what this instance keeps, it keeps for itself.
      meter.phase = "recovering";
    }
  } catch (error) {
    // A crash takes nothing along: no abort, no leave. That is what it is for.
    if (error instanceof SimulatedCrash) throw error.cause;
    await tenure.discard();
    await membership
      .leave()
      .catch((cause: unknown) => log.warn({ err: cause }, "could not leave the group"));
    throw error;
  }
  await tenure.discard();
  await membership.leave();
  log.info({ progress: meter.progress.now() }, "aggregator stopped");
}

function tenurePorts(
  options: AggregatorOptions,
  meter: AggregatorMeter,
  transactionalId: string,
  partitions: number,
): TenurePorts {
  const { kafka, config, clock, log } = options;
  const patience = createPatience(clock);
  let ready = false;
  return {
    kafka,
    config,
    clock,
    log,
    partitions,
    transactionalId,
    patience,
    meter,
    crash: createCrashPoint(options.crashPoint),
    ready: () => {
      if (!ready) options.onReady?.();
      ready = true;
    },
    committed: (counts, tookMs) => {
      patience.succeeded();
      meter.commitMsTotal += tookMs;
      meter.commitMsMax = Math.max(meter.commitMsMax, tookMs);
      meter.committedAt = clock.monotonicMs();
      const progress = meter.progress.add(counts);
      options.onProgress?.(progress);
    },
  };
}

/** The next assignment; undefined once the job is asked to stop. */
async function nextAssignment(
  ports: TenurePorts,
  membership: Membership,
  signal: AbortSignal,
): Promise<Assignment | undefined> {
  while (!signal.aborted) {
    try {
      return await membership.next(signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof KafkaError && error.code === "membership-lost") {
        throw displaced(ports.transactionalId, error);
      }
      if (!recoverable(error)) throw error;
      ports.log.warn({ err: error }, "could not join the group yet");
      await ports.patience.failed(error, signal);
    }
  }
  return undefined;
}

function displaced(instance: string, cause: unknown): AggregatorError {
  return new AggregatorError(
    "displaced",
    `another process runs as ${instance}: every instance needs a slot of its own`,
    cause,
  );
}
