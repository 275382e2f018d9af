/**
 * What reports are made of: a run with its verdict, or one that was broken off before it had any. Of the latter
 * only what is on file is told; nobody judged it, so it is UNKNOWN.
 */
import type { Latencies } from "./latencies-shape.ts";
import type { Series } from "./series-shape.ts";
import type { Summary } from "./summary-json.ts";

type Recorded = {
  readonly series: Series;
  readonly latencies: Latencies;
  /** `scenario.yaml` as it was played; undefined: it is not there. */
  readonly scenarioText: string | undefined;
};

export type FinishedRun = Recorded & { readonly kind: "finished"; readonly summary: Summary };

export type BrokenOffRun = Recorded & {
  readonly kind: "broken-off";
  readonly run: string;
  /** As far as `scenario.yaml` tells them. */
  readonly scenario: string | undefined;
  readonly seed: number | undefined;
};

export type ReportRun = FinishedRun | BrokenOffRun;

export const brokenOffSentence =
  "The run was broken off before it was judged: nothing is known of its readings.";
