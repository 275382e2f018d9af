/** What the live view shows: a plain value that the run replaces as it learns more. */

export const phases = [
  "stack",
  "warm-up",
  "load",
  "close",
  "drain",
  "judge",
  "replay",
  "end",
] as const;
export type Phase = (typeof phases)[number];

export type StageState = {
  /** `fleet`, `raw topic`, `aggregator`, `elasticsearch`, … */
  readonly name: string;
  readonly total: number;
  readonly perSecond: number;
  /** Records behind the stage before it. */
  readonly lag?: number;
  readonly p99Ms?: number;
};

export type LiveState = {
  readonly scenario: string;
  readonly run: string;
  readonly phase: Phase;
  /** 0..1 of the present phase, where that is known. */
  readonly share?: number;
  /** What is going on, one clause: `waiting for cassandra`. */
  readonly doing?: string;
  /** Since the command began. */
  readonly elapsedMs: number;
  readonly stages: readonly StageState[];
  readonly activeFault?: string;
  readonly violations: number;
};
