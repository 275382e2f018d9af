/**
 * A scenario in full: every default filled in, every value in one unit (milliseconds, fractions,
 * readings per second). The keys are those of the file, so that `--set`, the file and the code use
 * one set of names.
 */
import type { ReadingFormat } from "../../pipeline/contract/reading.ts";
import type { Mix } from "../../simulator/fates.ts";
import type { FaultStep } from "./fault-kinds/fault-catalogue.ts";
import type { JobKeys } from "./job-file.ts";
import type { Threshold } from "./thresholds.ts";

export const storeNames = ["elasticsearch", "cassandra"] as const;
export type StoreName = (typeof storeNames)[number];

/**
 * Which of a store's fields hold what is judged; dots reach into documents. Columns in Cassandra.
 */
export type StoreMapping = {
  readonly device: string;
  readonly window: string;
  readonly count: string;
  readonly sum: string;
  readonly digest: string;
  /** Compared where the store has them. */
  readonly min?: string;
  readonly max?: string;
  readonly mean?: string;
  readonly revision?: string;
  readonly version?: string;
};

/**
 * `rewind`: the persisting jobs read everything again into the same stores. `new-store`: new jobs fill a new index and
 * a new table from the first offset on. `rebuild`: one store is emptied, and filled again by a rewind. `re-aggregate`:
 * a second aggregator reads the raw topic. `re-produce`: the raw readings are sent again, into a topic of their own,
 * with a pipeline of its own behind it.
 */
export type ReplayStep = {
  /** That long after the load began; undefined: at rest, after the drain. */
  readonly atMs: number | undefined;
} & (
  | {
      readonly kind: "rewind";
      /** The jobs' clock is moved on by so much first: a replay of another day. At rest only. */
      readonly clockAheadMs?: number;
      /** So often, one time after the other. */
      readonly times?: number;
      /** This store's job only. */
      readonly store?: StoreName;
      /** The jobs' processes are killed and started again first. */
      readonly restart?: true;
      readonly reach?: ReplayReach;
    }
  | { readonly kind: "new-store" }
  | { readonly kind: "rebuild"; readonly store: StoreName }
  | { readonly kind: "re-aggregate"; readonly into: "fresh" | "aggregated" }
  | {
      readonly kind: "re-produce";
      readonly order: "same" | "other";
      /** Times the load's rate; undefined: as fast as it goes. */
      readonly speed?: number;
    }
);

/** What of the aggregated topic is read again, where it is not all of it. */
export type ReplayReach = {
  /** This partition only. */
  readonly partition?: number;
  /** An offset, a time after the load began, or so long before the newest record. */
  readonly begin?:
    | { readonly offset: number }
    | { readonly afterMs: number }
    | { readonly lastMs: number };
};

/** A persisting job's config file; `store` is read off its `connector.class`. */
export type ScenarioJob = {
  readonly file: string;
  readonly store: StoreName;
  /** Processes from the beginning, in slots 0, 1, … */
  readonly workers: number;
  /** Laid over the file's keys. */
  readonly config: JobKeys;
};

export type Scenario = {
  readonly name: string;
  readonly seed: number;
  readonly fleet: {
    readonly devices: number;
    readonly everyMs: number;
    readonly timeScale: number;
    /** So many send every `everyMs` instead. */
    readonly hot?: { readonly devices: number; readonly share: number; readonly everyMs: number };
  };
  /** Wall time; `warmUpMs` comes before `forMs`. */
  readonly load: {
    readonly ratePerSecond: number;
    readonly forMs: number;
    readonly warmUpMs: number;
  };
  /** Epoch milliseconds: event time at which the load begins. */
  readonly time: { readonly start: number };
  /** Shares of the readings, 0..1. `rebooted`: the first ones after a restart of their device. */
  readonly readings: Required<Mix> & {
    readonly format: ReadingFormat;
    readonly rebooted: number;
  };
  readonly topics: { readonly partitions: number };
  /** Event time. */
  readonly window: {
    readonly sizeMs: number;
    readonly graceMs: number;
    readonly retentionMs: number;
    readonly aheadMs: number;
    readonly quorum: number;
  };
  readonly simulator: { readonly workers: number; readonly client: "hot" | "kafkajs" };
  readonly jobs: readonly ScenarioJob[];
  readonly faults: readonly FaultStep[];
  readonly replay: readonly ReplayStep[];
  readonly stores: Readonly<Record<StoreName, StoreMapping>>;
  readonly thresholds: readonly Threshold[];
};
