/** What the fault steps need of a run: the instances of its stages, how far each stage is, who holds what. */
import type { Clock } from "../../simulator/clock.ts";
import type { RecordPlace } from "../facts/run-record.ts";
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

/** The servers of the run's stack, by name: `cassandra`. */
export type Servers = {
  /** SIGSTOP to all of its processes; whether they were then seen standing still. */
  readonly suspend: (name: string) => Promise<boolean>;
  /** SIGCONT. Comes by itself, too, when this harness ends without a word. */
  readonly resume: (name: string) => void;
};

/** The indices of the run, those of new days included. */
export type Indices = {
  /** From now on they refuse every write; resolves with how many there are. */
  readonly refuseWrites: () => Promise<number>;
  /** Insists, also when the run is broken off. */
  readonly allowWrites: () => Promise<void>;
};

/** A member of a job's group that takes partitions, reads nothing and commits nothing. Disposed of, it leaves. */
export type Stranger = AsyncDisposable & {
  /** Resolves with the partitions that it was given, and the generation in which. */
  readonly join: () => Promise<{ readonly partitions: number; readonly generation: number }>;
  readonly leave: () => Promise<void>;
};

/** The persisting jobs as their operator reaches them; a target is a stage: `job-cassandra`. */
export type Jobs = {
  readonly targets: readonly string[];
  /** A sentence for each task that has failed. */
  readonly failures: (target: string) => Promise<readonly string[]>;
  /** Tasks that fail from now on are the scenario's doing, until the answer is called. */
  readonly expectFailures: () => () => void;
  /** Stop, PATCH offsets, resume: the job goes on behind this record. */
  readonly moveBehind: (target: string, place: RecordPlace) => Promise<void>;
  readonly restart: (target: string) => Promise<void>;
};

export type FaultPorts = {
  readonly instances: Instances;
  readonly servers: Servers;
  readonly indices: Indices;
  readonly jobs: Jobs;
  readonly openStranger: (target: string) => Stranger;
  /** Puts a record that is no JSON into the aggregated topic. */
  readonly poison: () => Promise<RecordPlace>;
  /** Of what the target works on. Errors: those of the requests. */
  readonly progressOf: (target: string) => Promise<StageProgress>;
  /** Of the target's group; none where the stage has no group. */
  readonly membersOf: (target: string) => Promise<readonly GroupMember[]>;
  /** Throws these members out of the target's group. */
  readonly dropMembers: (target: string, ids: readonly string[]) => Promise<void>;
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
