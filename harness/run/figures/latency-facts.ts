/** Keeps the histograms of a run beside its other facts: a percentile that nobody asked for can be read off later. */
import { writeFileSync } from "node:fs";
import type { LatencyHistogram } from "../../observe/histogram.ts";
import { latenciesText } from "../../report/latencies-shape.ts";

/** `histograms`: by hop, `sendLag` among them. */
export function writeLatencies(
  file: string,
  histograms: Readonly<Record<string, LatencyHistogram>>,
): void {
  writeFileSync(file, latenciesText(histograms));
}
