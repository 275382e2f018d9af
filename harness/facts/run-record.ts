/** What the run itself knows and no topic or store can tell: `run.json` in the folder of the facts. */
import type { PlanOptions } from "../../simulator/plan.ts";
import type { StoreMapping, StoreName } from "../scenario/scenario.ts";

export type RunRecord = {
  readonly schema: 1;
  readonly run: string;
  readonly scenario: string;
  readonly plan: PlanOptions;
  /** The aggregator's settings. */
  readonly span: number;
  readonly digestKey: readonly [number, number];
  readonly topics: { readonly raw: string; readonly aggregated: string; readonly rejected: string };
  /** The kept stack that it ran on; null: on servers of its own, which are gone with it. */
  readonly stack: string | null;
  /** Tells that stack from a later one of the same name. */
  readonly stackId: string | null;
  /** Names of the stores whose scans are in the folder. */
  readonly stores: readonly string[];
  /** Of every store of the run: where its fields lie. */
  readonly mappings: Readonly<Partial<Record<StoreName, StoreMapping>>>;
  /** Fewer records than this in the raw topic prove nothing. */
  readonly recordsMin: number;
  /** `empty`: every backlog was gone before the deadline; `shrinking`, `stalled`: at the deadline. */
  readonly drain: "empty" | "shrinking" | "stalled";
  /** Broken off before the drain ended. */
  readonly brokenOff: boolean;
  /** What the drain saw last. Absent in folders of earlier versions, and where nothing could be asked. */
  readonly drainSeen?: DrainSeen;
  /** Next offsets of the observer's readers at their end, by partition. Absent in folders of earlier versions. */
  readonly readTo?: ReadPositions;
  /** Event milliseconds in a wall millisecond. Absent in folders of earlier versions. */
  readonly timeScale?: number;
  /** A sentence for each server or job that ended without a fault step. */
  readonly died: readonly string[];
  /** A sentence for each way in which the generator missed its schedule without a fault that explains it. */
  readonly generatorFaults: readonly string[];
  readonly faults: readonly FaultRecord[];
  /** Records that nobody can read, which the run itself put into the aggregated or the raw topic. Absent: none. */
  readonly poisons?: readonly PoisonPlace[];
  /** Dead-letter topics of the jobs; their rows are in the folder. Absent: no job has one. */
  readonly deadLetters?: readonly { readonly store: string; readonly topic: string }[];
  readonly replays: readonly ReplayRecord[];
  /** Stages that stood still, with work left, before a replay had come to its end. Absent: there was none. */
  readonly replayStalls?: readonly ReplayStall[];
  /** Producer ids of declared second writers to the aggregated topic, judged apart. Absent: there was none. */
  readonly secondWriters?: readonly number[];
};

export type RecordPlace = {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
};

/** `as`: its form, as the scenario names it; absent in folders of older versions, where it is no JSON. */
export type PoisonPlace = RecordPlace & { readonly as?: string };

export type ReadPositions = {
  readonly raw: readonly number[];
  readonly aggregated: readonly number[];
};

export type DrainSeen = {
  /** From the end of the load's last phase to the last look, and the deadline that it had then. */
  readonly afterMs: number;
  readonly withinMs: number;
  /** In the order in which they were drained; the last is the one at which it ended. */
  readonly stages: readonly DrainedStage[];
};

export type DrainedStage = {
  /** As the report names it: `aggregator`, or the store. */
  readonly stage: string;
  readonly topic: string;
  /** Offsets. `committed` is -1 where nothing was; below `end`, `lastStable` is held by an open transaction. */
  readonly partitions: readonly {
    readonly partition: number;
    readonly committed: number;
    readonly lastStable: number;
    readonly end: number;
  }[];
};

export type FaultRecord = {
  readonly kind: string;
  readonly target: string;
  readonly atMs: number;
  /** What it was seen to do; null: it left no trace. */
  readonly effect: string | null;
  /** Whether sends may fail or be refused because of it. */
  readonly mayFailSends: boolean;
  /** When the disturbance was over; null: it never was. Like all below absent in folders of earlier versions. */
  readonly untilMs?: number | null;
  /** From the fault until the work of its target went on; null: it was not seen to. */
  readonly recoveredMs?: number | null;
  /** The stage whose work it interrupts: `aggregator`, a store, `simulator`. */
  readonly stage?: string;
  /** Whether that work must go on by itself. */
  readonly mustRecover?: boolean;
  /** Within this time. */
  readonly recoverWithinMs?: number;
  /** Partitions of that stage that had work left and stood still when it was waited for no longer. */
  readonly stood?: readonly number[];
};

/** `mode`: as in `ReplayRecord`. */
export type ReplayStall = DrainedStage & { readonly mode: string };

/** One replay into one store. */
export type ReplayRecord = {
  /** As the scenario wrote it: `rewind at-rest`, `new-store 20s`. */
  readonly mode: string;
  /** Wall milliseconds after the load began; over with the final drain. Absent: at rest, or of earlier versions. */
  readonly atMs?: number;
  /** Position in the scenario's `replay`: two steps may be of one mode. Absent in folders of the first version. */
  readonly step?: number;
  /** Or `temperatures.aggregated`, where two aggregators are held against one another. */
  readonly store: string;
  /** Records that were read again: those of `topic`, the aggregated one unless said. */
  readonly records: number;
  readonly topic?: string;
  /** Records sent again a second, where they were. */
  readonly perSecond?: number;
  /** Rows, or windows, that there were before. None: nothing was held against anything. Absent: of earlier versions. */
  readonly rowsBefore?: number;
  /** Offsets at the topic's beginning that retention had taken away before they could be read again. Absent: none. */
  readonly cut?: number;
  /** Writes that the store itself counted meanwhile. */
  readonly writesSeen: number;
  /** Fewer would not prove that all records arrived; at least 1. A store may count a batch as one write. */
  readonly writesLeast: number;
  /**
   * Of the state that the replay must leave, or make, equal; order does not matter to them. At rest: of everything.
   * Under load: of all rows of before that no higher version has taken the place of.
   */
  readonly digestBefore: string;
  readonly digestAfter: string;
  /** The store was emptied and filled again on purpose: wall times, epoch milliseconds. Absent: it was not. */
  readonly wiped?: { readonly fromMs: number; readonly untilMs: number };
  /** Examples of the rows by which the two differ. Absent: none. */
  readonly changed?: readonly ChangedRow[];
};

/**
 * `gone`: it is there no more; `back`: it has a lower version than before; `changed`: it has another content, `extra`:
 * it was not there, and nothing but the replay can have made it; `split`: so, and its key is that of a row elsewhere.
 */
export type ChangedRow = {
  readonly change: "gone" | "back" | "changed" | "extra" | "split";
  /** Index, or keyspace and table, and the key in it. */
  readonly key: string;
  readonly expected: string;
  readonly found: string;
};
