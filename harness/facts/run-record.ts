/** What the run itself knows and no topic or store can tell: `run.json` in the folder of the facts. */
import type { PlanOptions } from "../../simulator/plan.ts";

export type RunRecord = {
  readonly schema: 1;
  readonly run: string;
  readonly scenario: string;
  readonly plan: PlanOptions;
  /** The aggregator's settings. */
  readonly span: number;
  readonly digestKey: readonly [number, number];
  readonly topics: { readonly raw: string; readonly aggregated: string; readonly rejected: string };
  /** Names of the stores whose scans are in the folder. */
  readonly stores: readonly string[];
  /** Fewer records than this in the raw topic prove nothing. */
  readonly recordsMin: number;
  /** `empty`: every backlog was gone before the deadline; `shrinking`, `stalled`: at the deadline. */
  readonly drain: "empty" | "shrinking" | "stalled";
  /** Broken off before the drain ended. */
  readonly brokenOff: boolean;
  /** A sentence for each server or job that ended without a fault step. */
  readonly died: readonly string[];
  /** A sentence for each way in which the generator missed its schedule without a fault that explains it. */
  readonly generatorFaults: readonly string[];
  readonly faults: readonly FaultRecord[];
  readonly replays: readonly ReplayRecord[];
};

type FaultRecord = {
  readonly kind: string;
  readonly target: string;
  readonly atMs: number;
  /** What it was seen to do; null: it left no trace. */
  readonly effect: string | null;
  /** Whether sends may fail or be refused because of it. */
  readonly mayFailSends: boolean;
};

/** One replay into one store. */
export type ReplayRecord = {
  readonly mode: string;
  readonly store: string;
  /** Records that the job read again. */
  readonly records: number;
  /** Writes that the store itself counted meanwhile. */
  readonly writesSeen: number;
  /** Fewer would not prove that all records arrived; at least 1. A store may count a batch as one write. */
  readonly writesLeast: number;
  /** Of the whole visible state; order does not matter to them. */
  readonly digestBefore: string;
  readonly digestAfter: string;
};
