/** What the observer is told and what it tells, over the channel between it and the run. */
import type { PlanOptions } from "../../simulator/plan.ts";

/** The JSON file that the observer is started with. */
export type ObserverConfig = {
  /** `host:port`, several separated by commas. */
  readonly bootstrap: string;
  readonly plan: PlanOptions;
  /** The aggregator's settings. */
  readonly span: number;
  readonly digestKey: readonly [number, number];
  readonly topics: { readonly raw: string; readonly aggregated: string; readonly rejected: string };
  /** Where the facts go. */
  readonly folder: string;
  /** Of a run that is over: where its raw topic ended, by partition. */
  readonly until?: readonly number[];
};

export type ToObserver =
  /** The load ended at this event time. Before the closing readings are sent. */
  | { readonly type: "cut"; readonly atEventMs: number }
  /**
   * The pipeline is at rest: read what the topics hold now, write the facts, end. What is not read after
   * `withinMs` is unseen.
   */
  | { readonly type: "finish"; readonly withinMs: number };

/** Of one fetch: so many (device, window)s of this window were seen for the first time. */
export type FirstRevisions = {
  readonly windowStart: number;
  /** Wall time, epoch milliseconds. */
  readonly atMs: number;
  readonly count: number;
};

export type ObserverProgress = {
  readonly type: "progress";
  /** Next offset by partition, of each topic. */
  readonly raw: readonly number[];
  readonly aggregated: readonly number[];
  readonly rejected: readonly number[];
  /** Event ms up to which every partition of the raw topic was heard. */
  readonly heardUntil: number;
  /** Since the last progress. */
  readonly firstRevisions: readonly FirstRevisions[];
};

export type FromObserver =
  | { readonly type: "ready" }
  | ObserverProgress
  | { readonly type: "done"; readonly reachedEnd: boolean }
  | { readonly type: "failed"; readonly message: string };
