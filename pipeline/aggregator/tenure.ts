/**
 * What one instance holds while partitions are its own: the producer and the states. After any error both are
 * thrown away and rebuilt from what was committed; a clean change of assignment keeps them.
 */
import { once } from "node:events";
import type { Assignment, TransactionalProducer } from "../kafka/port.ts";
import type { Logger } from "../logger.ts";
import type { AggregatorMeter } from "./aggregator-meter.ts";
import { SimulatedCrash } from "./crash-point.ts";
import { reassigned, recoverable } from "./failures.ts";
import type { PartitionState } from "./partition-state.ts";
import type { Patience } from "./patience.ts";
import { recoverAssignment } from "./recover-assignment.ts";
import { type ServePorts, serveAssignment } from "./serve-assignment.ts";

export type TenurePorts = ServePorts & {
  readonly log: Logger;
  readonly transactionalId: string;
  readonly patience: Patience;
  readonly meter: AggregatorMeter;
  /** Called whenever states are rebuilt and reading is about to begin, or there is nothing to read. */
  readonly ready: () => void;
};

export type Tenure = {
  /**
   * Works until the assignment is revoked or lost, or the job is asked to stop. Errors: whatever cannot be
   * recovered from, `SimulatedCrash` included.
   */
  readonly serve: (assignment: Assignment, signal: AbortSignal) => Promise<void>;
  /** Aborts what is open and forgets everything. */
  readonly discard: () => Promise<void>;
};

/** Well above any commit interval, far below the broker's limit: a hanging transaction stops every reader. */
const transactionTimeoutMs = 15_000;

export function createTenure(ports: TenurePorts): Tenure {
  const { kafka, config, log, meter, clock } = ports;
  let producer: TransactionalProducer | undefined;
  let states = new Map<number, PartitionState>();

  async function attempt(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, assignment.revoked]);
    const { transactionalId } = ports;
    // The producer first: it ends what a predecessor left open, then the committed offsets are the last word.
    producer ??= await kafka.transactions.open(transactionalId, transactionTimeoutMs, stop);
    const begun = clock.monotonicMs();
    states = await recoverAssignment(ports, assignment, states, stop);
    await ports.crash("after-recover");
    meter.recoveryMsLast = clock.monotonicMs() - begun;
    meter.states = states;
    meter.phase = "running";
    log.info({ tookMs: Math.round(meter.recoveryMsLast) }, "partitions recovered");
    ports.ready();
    const ended = await serveAssignment(ports, assignment, producer, states, signal);
    if (ended === "lost") await discard();
  }

  async function discard(): Promise<void> {
    states = new Map();
    meter.states = states;
    const broken = producer;
    producer = undefined;
    try {
      await broken?.close();
    } catch (error) {
      // Opening the id again aborts what this could not.
      log.debug({ err: error }, "closing a producer");
    }
  }

  async function serve(assignment: Assignment, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, assignment.revoked]);
    const mine = assignment.partitions.get(config.topics.raw) ?? [];
    const { generation } = assignment;
    log.info({ generation, partitions: mine }, "partitions assigned");
    assigned(meter, generation, mine);
    if (mine.length === 0) {
      meter.phase = "running";
      ports.ready();
      if (!stop.aborted) await once(stop, "abort");
      return;
    }
    for (;;) {
      try {
        return await attempt(assignment, signal);
      } catch (error) {
        if (error instanceof SimulatedCrash) throw error;
        await discard();
        if (stop.aborted && error === stop.reason) return;
        if (!recoverable(error)) throw error;
        meter.progress.recovered();
        meter.phase = "recovering";
        log.warn({ err: error }, "rolled back to the last commit");
        if (stop.aborted || reassigned(error)) return;
        await ports.patience.failed(error, stop);
        if (stop.aborted) return;
      }
    }
  }

  return { serve, discard };
}

function assigned(meter: AggregatorMeter, generation: number, partitions: readonly number[]): void {
  meter.phase = "recovering";
  meter.generation = generation;
  meter.assigned = partitions;
  meter.states = new Map();
  meter.assignments++;
}
