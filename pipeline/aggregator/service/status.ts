/**
 * What `GET /status` tells of an instance: where each of its partitions is, and how far behind. Read from the meter and
 * the states behind it when somebody asks; numbers of one answer may be a commit apart.
 */
import type { Clock } from "../../clock.ts";
import type { AggregatorMeter } from "../aggregator-meter.ts";
import { waitingCheckpoints } from "../checkpoint-due.ts";
import type { AggregatorConfig } from "../config.ts";
import type { PartitionState } from "../partition-state.ts";
import type { Progress } from "../progress.ts";

/** `starting` and so on of the meter's phases; `stopping`: asked to end, what was folded is being committed. */
type AggregatorLife = AggregatorMeter["phase"] | "stopping";

export type AggregatorView = {
  readonly meter: AggregatorMeter;
  readonly config: AggregatorConfig;
  readonly version: string;
  readonly slot: number;
  /** Aborted when the job was asked to stop. */
  readonly signal: AbortSignal;
  /** The clock of the broker's timestamps, also in a run that injects another: lag in seconds is measured by it. */
  readonly wallClock: Clock;
};

export type Lag = {
  /** In the raw topic, behind the committed offset. */
  readonly records: number;
  /** Age of the newest committed record while others wait behind it, else 0; null when that is not known. */
  readonly seconds: number | null;
};

type PartitionStatus = {
  readonly partition: number;
  /** Next offset that is folded; next that is not committed. */
  readonly position: number;
  readonly committed: number;
  readonly end: number;
  readonly lag: Lag;
  /** ISO 8601; null while it does not exist. */
  readonly streamTime: string | null;
  readonly openWindows: number;
  readonly checkpoint: { readonly sequence: number; readonly input: number } | null;
  readonly recordsSinceCheckpoint: number;
};

export type AggregatorStatus = {
  readonly version: string;
  readonly group: string;
  readonly slot: number;
  readonly state: AggregatorLife;
  readonly generation: number | null;
  /** Of the whole instance: records together, seconds of the worst partition. */
  readonly lag: Lag;
  readonly openWindows: number;
  readonly waitingCheckpoints: number;
  /** ISO 8601; null before the first. */
  readonly lastCommit: string | null;
  /** Since the process started. */
  readonly progress: Progress;
  /** Assigned, though their states may still be rebuilt. */
  readonly assigned: readonly number[];
  /** Those that are read. */
  readonly partitions: readonly PartitionStatus[];
};

export function lifeOf({ meter, signal }: Pick<AggregatorView, "meter" | "signal">) {
  return signal.aborted ? "stopping" : meter.phase;
}

export function describeStatus(view: AggregatorView): AggregatorStatus {
  const { meter, config, version, slot, wallClock } = view;
  const now = wallClock.now();
  const states = [...meter.states.values()];
  const partitions = states.map((state) => describePartition(state, now));
  const committedAt = lastCommitOf(view);
  return {
    version,
    group: config.group,
    slot,
    state: lifeOf(view),
    generation: meter.generation ?? null,
    lag: together(partitions.map(({ lag }) => lag)),
    openWindows: partitions.reduce((sum, { openWindows }) => sum + openWindows, 0),
    waitingCheckpoints: waitingOf(view),
    lastCommit: committedAt === undefined ? null : iso(committedAt),
    progress: meter.progress.now(),
    assigned: meter.assigned,
    partitions,
  };
}

/** Epoch milliseconds; undefined before the first. */
export function lastCommitOf({ meter, wallClock }: AggregatorView): number | undefined {
  const { committedAt } = meter;
  // A job's own clock has the monotonic time of the machine's.
  return committedAt && wallClock.now() - (wallClock.monotonicMs() - committedAt);
}

/** Checkpoints that are due, and wait for a transaction. */
export function waitingOf({ meter, config, wallClock }: AggregatorView): number {
  const now = wallClock.monotonicMs();
  return waitingCheckpoints(meter.states.values(), config.checkpointEvery, now);
}

/** `now`: epoch milliseconds by the clock of the records' timestamps. */
export function lagOf(state: PartitionState, now: number): Lag {
  const records = Math.max(0, state.endOffset - (state.committed?.offset ?? 0));
  if (records === 0) return { records, seconds: 0 };
  const { committedRecordAtMs: at } = state;
  return { records, seconds: at === undefined ? null : Math.max(0, (now - at) / 1000) };
}

function describePartition(state: PartitionState, now: number): PartitionStatus {
  const { partition, position, fold, checkpoint, endOffset: end } = state;
  return {
    partition,
    position,
    committed: state.committed?.offset ?? 0,
    end,
    lag: lagOf(state, now),
    streamTime: Number.isFinite(fold.time.value) ? iso(fold.time.value) : null,
    openWindows: fold.windows.size,
    checkpoint: checkpoint ? { sequence: checkpoint.sequence, input: checkpoint.input } : null,
    recordsSinceCheckpoint: state.recordsSinceCheckpoint,
  };
}

function together(lags: readonly Lag[]): Lag {
  const records = lags.reduce((sum, lag) => sum + lag.records, 0);
  const known = lags.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  return { records, seconds: known.length < lags.length ? null : Math.max(0, ...known) };
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
