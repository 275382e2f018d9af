/**
 * `summary.json`, schema 1: what a run came to, for machines. Names are final; fields may be added,
 * never silently changed. Times in milliseconds, rates per second, sizes in bytes, event times as
 * epoch milliseconds.
 */
import { renameSync, writeFileSync } from "node:fs";
import type { CheckResult } from "../checks/check-result.ts";
import type { Finding } from "../checks/finding.ts";
import type { Verdict } from "../checks/verdict.ts";
import type { LatencyPercentiles } from "../observe/histogram.ts";
import type { PauseSummary } from "../process/pauses/pause-summary.ts";
import type { ThresholdResult } from "../scenario/evaluate-thresholds.ts";

export type StoreSummary = {
  /** Rows: one for each device and window. */
  readonly expected: number;
  readonly found: number;
  readonly missing: number;
  readonly unexpected: number;
  readonly wrong: number;
  readonly duplicated: number;
  /** Additions, where the job has a dead-letter topic: of the missing and wrong ones those that lie there. */
  readonly skipped?: number;
  /** Records in that topic, and how many for which reason. */
  readonly deadLetters?: number;
  readonly deadLetterReasons?: Readonly<Record<string, number>>;
};

export type ReplaySummary = {
  /** As the scenario wrote it: `rewind at-rest`. */
  readonly mode: string;
  /** Records that were read again. */
  readonly records: number;
  /** By store: writes that the store itself counted meanwhile. */
  readonly storeEvidence: Readonly<Record<string, number>>;
  readonly digestBefore: Readonly<Record<string, string>>;
  readonly digestAfter: Readonly<Record<string, string>>;
  readonly identical: boolean;
};

export type FaultSummary = {
  readonly kind: string;
  readonly target: string;
  /** After the load began. */
  readonly atMs: number;
  /** After the load began: when the disturbance was over; null: it never was, or never began. */
  readonly untilMs: number | null;
  /** What was seen to prove that it took effect; null: it left no trace, and the run is INVALID. */
  readonly effect: string | null;
  /** From the fault until records flowed again; null: they never did, or nothing had stopped. */
  readonly recoveredMs: number | null;
};

/** The windows that closed at one moment, and how long each stage took to get over them. */
export type BurstSummary = {
  /** Start of the windows, epoch milliseconds. */
  readonly window: number;
  /** After the load began. */
  readonly closesAtMs: number;
  /** By stage; null: not before the next boundary, or the end. */
  readonly absorbedMs: Readonly<Record<string, number | null>>;
};

/** The pauses are an addition; each is absent where it was not measured, or cannot be. */
export type ProcessSummary = PauseSummary & {
  readonly cpuSeconds: number;
  readonly maxRssBytes: number;
  /** How often it ended, on purpose or not, and how: `code 0`, `SIGKILL`. */
  readonly exits: readonly string[];
};

export type Summary = {
  readonly schema: 1;
  readonly run: string;
  readonly scenario: string;
  readonly seed: number;
  readonly verdict: Verdict;
  readonly interrupted: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly rate: {
    readonly plannedPerSecond: number;
    /** acked ÷ (last − first actual send). */
    readonly heldPerSecond: number;
    readonly perDay: number;
  };
  /** `p99999` is an addition, absent in earlier versions. */
  readonly sendLagMs: Omit<LatencyPercentiles, "p99999"> & { readonly p99999?: number };
  readonly readings: {
    readonly planned: number;
    readonly acked: number;
    readonly failed: number;
    readonly unknown: number;
    readonly duplicatesSent: number;
    readonly rejectedPlanned: number;
    readonly rejectedUnplanned: number;
  };
  /** Windows; records. */
  readonly aggregates: { readonly expected: number; readonly published: number };
  readonly stores: Readonly<Record<string, StoreSummary>>;
  /**
   * By hop: `publish`, `aggregate`, `visible.elasticsearch` (to a search), `visible.cassandra`. An addition, absent in
   * earlier versions: `byId.elasticsearch`.
   */
  readonly latencyMs: Readonly<Record<string, LatencyPercentiles>>;
  readonly thresholds: readonly ThresholdResult[];
  readonly replay: readonly ReplaySummary[];
  readonly faults: readonly FaultSummary[];
  /** Of the windows that closed within the load: an addition to the contract's list. */
  readonly bursts: readonly BurstSummary[];
  readonly findings: readonly Finding[];
  /** Lines of `violations.ndjson`, and how many findings there are in all: an addition. Absent in earlier versions. */
  readonly violations?: { readonly named: number; readonly all: number };
  readonly canary: { readonly planted: number; readonly caught: number };
  /** By clause C1 to C9: an addition to the contract's list. */
  readonly clauses: readonly Pick<
    CheckResult,
    "clause" | "verdict" | "evaluated" | "counts" | "echoes"
  >[];
  /** Why the verdict is not PASS where no clause says it, one sentence each: an addition, too. */
  readonly reasons: readonly string[];
  readonly processes: Readonly<Record<string, ProcessSummary>>;
  readonly harness: ProcessSummary;
  readonly kafka: ProcessSummary | null;
  readonly elasticsearch: ProcessSummary | null;
  readonly cassandra: ProcessSummary | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string | number>>;
};

/** All or nothing: a reader never sees half a summary. */
export function writeSummary(file: string, summary: Summary): void {
  const unfinished = `${file}.writing`;
  writeFileSync(unfinished, `${JSON.stringify(summary, null, 2)}\n`);
  renameSync(unfinished, file);
}
