/**
 * A table of metrics becomes Prometheus' text form. Whoever counts keeps plain numbers; they are read when somebody
 * asks, so counting costs nothing here and `/metrics` never lags behind.
 */
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

export type Sample = {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
};

/** A counter's samples may only grow while the process lives; nothing here checks that. */
export type Metric = {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  /** Names of the labels that samples may have. */
  readonly labels: readonly string[];
  readonly collect: () => readonly Sample[];
};

export type Metrics = {
  readonly contentType: string;
  readonly render: () => Promise<string>;
};

/**
 * Series of one metric: 8 tasks × 250 partitions. More would be a scrape of megabytes and is a mistake of labelling;
 * the rest is left out and counted in `fleetproof_metrics_series_left_out`.
 */
const maxSeries = 2_000;

/** `process: true` adds `process_*` and `nodejs_*`: once a process, for they watch its garbage collector. */
export function createMetrics(
  metrics: readonly Metric[],
  { process = false }: { readonly process?: boolean } = {},
): Metrics {
  const registry = new Registry();
  const leftOut = new Map<string, number>();
  for (const metric of metrics) register(metric, registry, leftOut);
  register(seriesLeftOut(leftOut), registry, new Map());
  if (process) collectDefaultMetrics({ register: registry });
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

function register(metric: Metric, registry: Registry, leftOut: Map<string, number>): void {
  const { name, help, type } = metric;
  const options = { name, help, labelNames: [...metric.labels], registers: [registry] };
  const samples = (): readonly Sample[] => {
    const all = metric.collect().filter(({ value }) => Number.isFinite(value));
    leftOut.set(name, Math.max(0, all.length - maxSeries));
    return all.slice(0, maxSeries);
  };
  if (type === "gauge") {
    new Gauge({
      ...options,
      collect() {
        this.reset();
        for (const { labels, value } of samples()) this.set(labels, value);
      },
    });
  } else {
    new Counter({
      ...options,
      collect() {
        this.reset();
        for (const { labels, value } of samples()) this.inc(labels, value);
      },
    });
  }
}

/** Registered last: the others have been read by then. */
function seriesLeftOut(leftOut: ReadonlyMap<string, number>): Metric {
  return {
    name: "fleetproof_metrics_series_left_out",
    help: `Series that were not shown because their metric has more than ${maxSeries}.`,
    type: "gauge",
    labels: [],
    collect: () => [{ labels: {}, value: [...leftOut.values()].reduce((a, b) => a + b, 0) }],
  };
}
