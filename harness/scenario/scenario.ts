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
 * a new table from the first offset on. `atMs`: that long after the load began; undefined: at rest, after the drain.
 */
export type ReplayStep = {
  readonly kind: "rewind" | "new-store";
  readonly atMs: number | undefined;
  /** The jobs' clock is moved on by so much first: a replay of another day. At rest only. */
  readonly clockAheadMs?: number;
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
  };
  /** Wall time; `warmUpMs` comes before `forMs`. */
  readonly load: {
    readonly ratePerSecond: number;
    readonly forMs: number;
    readonly warmUpMs: number;
  };
  /** Epoch milliseconds: event time at which the load begins. */
  readonly time: { readonly start: number };
  /** Shares of the readings, 0..1. */
  readonly readings: Mix & { readonly format: ReadingFormat };
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
