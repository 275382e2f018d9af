/** What the fault steps need of a run: the instances of its stages, how far each stage is, who holds what. */
import type { Clock } from "../../simulator/clock.ts";
import type { FaultReport } from "./fault-report.ts";

/** By name: `aggregator-0`, `job-cassandra-1`, `simulator-0`. */
export type Instances = {
  readonly isRunning: (name: string) => boolean;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: (name: string) => Promise<void>;
  /** After a kill: until it is ready. False: it did not come up, which is told as a trouble of the run. */
  readonly restart: (name: string) => Promise<boolean>;
  /** For the first time, or after a stop; else the same. */
  readonly start: (name: string) => Promise<boolean>;
  /** SIGTERM; resolves when it is gone. */
  readonly stop: (name: string) => Promise<void>;
  /** SIGSTOP; whether it was then seen standing still. */
  readonly suspend: (name: string) => Promise<boolean>;
  /** SIGCONT. */
  readonly resume: (name: string) => void;
  /** `signal SIGKILL`, `exit code 0`; undefined while it has not ended yet. */
  readonly lastExit: (name: string) => string | undefined;
};

/** One member of a consumer group, as its coordinator knows it. */
export type GroupMember = {
  readonly id: string;
  /** Of the instance that it belongs to. */
  readonly slot: number;
  readonly partitions: readonly number[];
};

/**
 * How far a stage is, by partition. `done` only grows. `idle`: whatever there is has been done, so that standing
 * still is no failure.
 */
export type StageProgress = ReadonlyMap<number, { readonly done: bigint; readonly idle: boolean }>;

export type FaultPorts = {
  readonly instances: Instances;
  /** Of what the target works on. Errors: those of the requests. */
  readonly progressOf: (target: string) => Promise<StageProgress>;
  /** Of the target's group; none where the stage has no group. */
  readonly membersOf: (target: string) => Promise<readonly GroupMember[]>;
  readonly clock: Clock;
  /** Wall milliseconds since the load began. */
  readonly sinceLoadMs: () => number;
  /** Something died that no fault aimed at: what has not moved on by now will not. */
  readonly hopeless: () => boolean;
  readonly signal: AbortSignal;
};

/**
 * What a fault leaves behind when its target is free for other steps again; `report` resolves when the work has gone
 * on, or has not in time.
 */
export type Settling = { readonly report: () => Promise<FaultReport> };
