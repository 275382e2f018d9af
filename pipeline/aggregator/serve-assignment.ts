/**
 * Works on the partitions of one assignment until they are revoked or the job is asked to stop: fetch, fold,
 * commit. The states it is given are current; when it throws they are ahead of the log and must be rebuilt.
 */
import type { Clock } from "../clock.ts";
import {
  type Assignment,
  type FetchedPartition,
  KafkaError,
  type TransactionalProducer,
} from "../kafka/port.ts";
import { type CommitOccasion, type CommitPorts, commitStates } from "./commit.ts";
import { type FetchAhead, startFetchAhead } from "./fetch-ahead.ts";
import { close } from "./fold.ts";
import { type Counts, foldFetched, type PartitionState } from "./partition-state.ts";
import { logCut } from "./recovery.ts";

export type ServePorts = CommitPorts & {
  readonly clock: Clock;
  /** `tookMs`: from the first record of the transaction to its end. */
  readonly committed: (counts: readonly Counts[], tookMs: number) => void;
};

/** `lost`: another member may own the partitions already; the states are worth nothing. */
export type Ended = "stopped" | "revoked" | "lost";

/**
 * Output that waits in memory is bounded: past this the transaction does not wait for its time. It also keeps the
 * event loop turning when a million windows close at once in all partitions: each partition's go out in a transaction
 * of their own, and heartbeats and time-outs see a pause of one partition, not of all.
 */
const waitingBytesMax = 16 << 20;

/** Errors: whatever Kafka answers; `AggregatorError` of code `log-cut`. */
export async function serveAssignment(
  ports: ServePorts,
  assignment: Assignment,
  producer: TransactionalProducer,
  states: ReadonlyMap<number, PartitionState>,
  signal: AbortSignal,
): Promise<Ended> {
  const { kafka, config, clock } = ports;
  const all = [...states.values()];
  const stop = AbortSignal.any([signal, assignment.revoked]);
  const fetches = startFetchAhead({
    log: kafka.log,
    topic: config.topics.raw,
    positions: new Map(all.map((state) => [state.partition, state.position])),
    maxWaitMs: Math.max(1, Math.min(config.commitEvery, 100)),
    signal: stop,
  });
  const commit = async (occasion: CommitOccasion = "regular"): Promise<void> => {
    const begun = clock.monotonicMs();
    const counts = await commitStates(ports, producer, assignment, all, begun, occasion);
    if (counts !== undefined) ports.committed(counts, clock.monotonicMs() - begun);
  };

  try {
    let commitAt = clock.monotonicMs() + config.commitEvery;
    for (;;) {
      const ended = whyEnded(assignment.revoked, signal);
      if (ended === "lost") return ended;
      if (ended !== undefined) {
        // The partitions are ours until we ask for the next ones: what was folded is finished.
        await commit("hand-over");
        return ended;
      }
      const fetched = await nextFetch(fetches, stop);
      const now = clock.monotonicMs();
      for (const stretch of fetched) {
        const state = states.get(stretch.partition);
        if (state === undefined) continue;
        foldFetched(state, stretch);
        state.newsAt = now;
        if (waitingBytes(all) >= waitingBytesMax) await commit();
      }
      for (const state of all) {
        emitIdle(ports, state, now);
        if (waitingBytes(all) >= waitingBytesMax) await commit();
      }
      if (clock.monotonicMs() < commitAt) continue;
      await commit();
      commitAt = clock.monotonicMs() + config.commitEvery;
    }
  } catch (error) {
    throw await explained(ports, all, error);
  } finally {
    await fetches.stop();
  }
}

function whyEnded(revoked: AbortSignal, signal: AbortSignal): Ended | undefined {
  if (revoked.aborted) {
    const { reason } = revoked;
    return reason instanceof KafkaError && reason.code === "rebalance" ? "revoked" : "lost";
  }
  return signal.aborted ? "stopped" : undefined;
}

/** Nothing, once `stop` has ended the fetch: the loop then sees why. */
async function nextFetch(
  fetches: FetchAhead,
  stop: AbortSignal,
): Promise<readonly FetchedPartition[]> {
  try {
    return await fetches.next();
  } catch (error) {
    if (stop.aborted) return [];
    throw error;
  }
}

/**
 * A partition that has been silent for long enough emits what the wall clock would have closed. The log does
 * not tell this on replay, so the same transaction carries a checkpoint. Stream time does not move.
 */
function emitIdle(ports: ServePorts, state: PartitionState, now: number): void {
  const { idleEmitAfter } = ports.config;
  if (idleEmitAfter === undefined || now - state.newsAt < idleEmitAfter) return;
  if (close(state.fold, ports.clock.now(), state.emit)) state.checkpointOwed = true;
}

function waitingBytes(states: readonly PartitionState[]): number {
  let bytes = 0;
  for (const { aggregated, rejected } of states) bytes += aggregated.bytes() + rejected.bytes();
  return bytes;
}

/** The broker only says that an offset is out of range: which readings are gone is for us to say. */
async function explained(
  ports: ServePorts,
  states: readonly PartitionState[],
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof KafkaError) || error.code !== "offset-out-of-range") return error;
  const { raw } = ports.config.topics;
  const starts = await ports.kafka.log.startOffsets(
    raw,
    states.map((state) => state.partition),
  );
  for (const { partition, position } of states) {
    const start = starts.get(partition) ?? 0;
    if (start > position) return logCut(raw, partition, position, start, error);
  }
  return error;
}
