/** What the fault steps need of a run: the instances of its stages, how far each stage is, who holds what. */
import type { Clock } from "../../simulator/clock.ts";
import type { HerdOutcome } from "../../simulator/herd.ts";
import type { PoisonPlace, RecordPlace } from "../facts/run-record.ts";
import type { FaultReport } from "./fault-report.ts";
import type { Disturbance, Toxic } from "./network/toxic.ts";
import type { PhantomWriter } from "./phantom-producer.ts";
import type { PoisonForm } from "./poison-forms.ts";

/** By name: `aggregator-0`, `job-cassandra-1`, `simulator-0`. */
export type Instances = {
  readonly isRunning: (name: string) => boolean;
  /** SIGKILL; resolves when it is gone. */
  readonly kill: (name: string) => Promise<void>;
  /** Whether it killed itself at this crash point; false: it did not come by, and lives on. */
  readonly crash: (name: string, point: string) => Promise<boolean>;
  /** After a kill: until it is ready. False: it did not come up, which is told as a trouble of the run. */
  readonly restart: (name: string) => Promise<boolean>;
  /** For the first time, or after a stop; else the same. */
  readonly start: (name: string) => Promise<boolean>;
  /** The same, with a clock that is so much ahead in this and all later lives. */
  readonly startAhead: (name: string, byMs: number) => Promise<boolean>;
  /** Names of all that run. */
  readonly running: () => readonly string[];
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
  /** Until it answers again, with its data and its ports. Times in ms. Errors: `FaultError`. */
  readonly restart: (
    name: string,
    how: "SIGTERM" | "SIGKILL",
  ) => Promise<{ readonly endedMs: number; readonly answeredMs: number }>;
};

/** The indices of the run, those of new days included. */
export type Indices = {
  /** From now on they refuse every write; resolves with how many there are. */
  readonly refuseWrites: () => Promise<number>;
  /** Insists, also when the run is broken off. */
  readonly allowWrites: () => Promise<void>;
  /** Elasticsearch takes its disk for full from its next look at it on. */
  readonly fillDisk: () => Promise<void>;
  /** Indices of the run that it has made read-only for that. */
  readonly blockedByDisk: () => Promise<number>;
  /** Insists, also when the run is broken off. */
  readonly emptyDisk: () => Promise<void>;
};

/** Topics by the names that scenarios use: `raw`, `aggregated`. */
export type TopicAdmin = {
  /** By partition, where the next record goes. */
  readonly ends: (target: string) => Promise<ReadonlyMap<number, bigint>>;
  /** Nobody can read what lies below these offsets any more. */
  readonly cut: (target: string, to: ReadonlyMap<number, bigint>) => Promise<void>;
  /** Deletes it and makes it anew; resolves when all of its partitions are served. */
  readonly recreate: (target: string) => Promise<void>;
};

/** A second producer with somebody's transactional id. */
export type Zombie = AsyncDisposable & {
  /** Tries to put a record into the aggregated topic; why it was refused, undefined: it was not. */
  readonly write: () => Promise<string | undefined>;
};

/** The links of the run that its scenario disturbs, by name: `aggregator/kafka`. */
export type Links = {
  /** Until the answer is ended. Errors: no such link, or it is disturbed already. */
  readonly disturb: (link: string, toxic: Toxic) => Disturbance;
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
  /** Stop, PATCH offsets, resume: the job goes on behind these records, one a partition. */
  readonly moveBehind: (target: string, ...places: readonly RecordPlace[]) => Promise<void>;
  readonly restart: (target: string) => Promise<void>;
};

export type FaultPorts = {
  readonly instances: Instances;
  readonly servers: Servers;
  readonly indices: Indices;
  readonly topics: TopicAdmin & { readonly nameOf: (target: string) => string };
  readonly jobs: Jobs;
  readonly links: Links;
  readonly openStranger: (target: string) => Stranger;
  /** By opening it, it takes the transactional id away from the target. */
  readonly openZombie: (target: string) => Promise<Zombie>;
  /** Puts a record that nobody can read into a topic: `aggregated`, `raw`. */
  readonly poison: (target: string, form: PoisonForm) => Promise<PoisonPlace>;
  /** Aggregates in a transaction that is aborted, or left open; where they lie. */
  readonly phantom: PhantomWriter;
  /** All workers hold their sends back for so long; resolves when they have caught up. One outcome a worker. */
  readonly herd: (forMs: number) => Promise<readonly HerdOutcome[]>;
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
