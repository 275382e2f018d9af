/**
 * What an instance shows of itself while it works. Plain values that only the loop writes, a few a transaction and none
 * a record; status and `/metrics` read them, and the states behind them, when they are asked.
 */
import type { PartitionState } from "./partition-state.ts";
import { createProgressMeter, type ProgressMeter } from "./progress.ts";

/**
 * `starting`: no partitions were assigned yet. `recovering`: between two assignments, or states are being rebuilt.
 * `running`: every assigned partition is read; of an instance without any, that it stands by.
 */
type AggregatorPhase = "starting" | "recovering" | "running";

export type AggregatorMeter = {
  phase: AggregatorPhase;
  /** Of the present assignment, or the last one; undefined before the first. */
  generation: number | undefined;
  assigned: readonly number[];
  /** By partition: those that are being worked on. To look at only. */
  states: ReadonlyMap<number, PartitionState>;
  /** Assignments so far: how often the group has shared out. */
  assignments: number;
  /** How long rebuilding the states took last. */
  recoveryMsLast: number;
  commitMsTotal: number;
  commitMsMax: number;
  /** Monotonic milliseconds of the last commit. */
  committedAt: number | undefined;
  readonly progress: ProgressMeter;
};

export function createAggregatorMeter(): AggregatorMeter {
  return {
    phase: "starting",
    generation: undefined,
    assigned: [],
    states: new Map(),
    assignments: 0,
    recoveryMsLast: 0,
    commitMsTotal: 0,
    commitMsMax: 0,
    committedAt: undefined,
    progress: createProgressMeter(),
  };
}
