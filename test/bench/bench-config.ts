/**
 * The aggregator's settings in benchmarks: the defaults, with the windows of the contract's example
 * scenario. Span: twice the thirty readings of a window, as runs have it.
 */
import { type AggregatorConfig, parseAggregatorConfig } from "../../pipeline/aggregator/config.ts";

/** All names begin with `name`, but the raw topic's, which several groups may read. */
export function benchConfig(raw: string, name = raw): AggregatorConfig {
  const parsed = parseAggregatorConfig({
    group: name,
    topics: { raw, aggregated: `${name}.aggregated`, rejected: `${name}.rejected` },
    window: { size: "5m", grace: "30s", retention: "10m", span: 64 },
  });
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.config;
}
