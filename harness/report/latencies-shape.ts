/**
 * The shape of `facts/latencies.json`: a whole HDR histogram a hop, compressed, so that every percentile can be
 * read off after the run. A histogram that is damaged is left out and named.
 */
import { z } from "zod";
import { createLatencyHistogram, type LatencyHistogram } from "../observe/histogram.ts";

export const latenciesFile = "latencies.json";

const schema = z.object({
  schema: z.literal(1),
  /** By hop: microseconds, HDR V2 compressed, base64. */
  histograms: z.record(z.string(), z.string()),
});

export type Latencies = {
  readonly histograms: Readonly<Record<string, LatencyHistogram>>;
  /** Hops whose histogram could not be read; `all` when nothing could. */
  readonly damaged: readonly string[];
};

export const noLatencies: Latencies = { histograms: {}, damaged: [] };

export function latenciesText(histograms: Readonly<Record<string, LatencyHistogram>>): string {
  const encoded = Object.entries(histograms)
    .filter(([, { count }]) => count > 0)
    .map(([hop, histogram]) => [hop, histogram.toBase64()]);
  return `${JSON.stringify({ schema: 1, histograms: Object.fromEntries(encoded) }, null, 1)}\n`;
}

export function parseLatencies(text: string): Latencies {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) return { histograms: {}, damaged: ["all"] };
  const histograms: Record<string, LatencyHistogram> = {};
  const damaged: string[] = [];
  for (const [hop, base64] of Object.entries(parsed.data.histograms)) {
    const histogram = decoded(base64);
    if (histogram === undefined) damaged.push(hop);
    else histograms[hop] = histogram;
  }
  return { histograms, damaged };
}

function decoded(base64: string): LatencyHistogram | undefined {
  try {
    const histogram = createLatencyHistogram();
    histogram.merge(base64);
    return histogram;
  } catch {
    return undefined; // Named by the caller.
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No object: told as damaged.
  }
}
