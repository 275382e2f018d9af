/** The aggregator's settings in benchmarks: those of the contract's example scenario. */
import type { AggregatorConfig } from "../../pipeline/aggregator/config.ts";

/** All names begin with `name`, but the raw topic's, which several groups may read. */
export function benchConfig(raw: string, name = raw): AggregatorConfig {
  return {
    group: name,
    topics: {
      raw,
      aggregated: `${name}.aggregated`,
      rejected: `${name}.rejected`,
      checkpoints: `${name}.checkpoints`,
    },
    window: {
      size: 300_000,
      grace: 30_000,
      retention: 600_000,
      ahead: 3_600_000,
      quorum: 3,
      span: 128,
    },
    commitEvery: 200,
    checkpointEvery: 60_000,
    digestKey: [0, 0],
    idleEmitAfter: undefined,
    listen: undefined,
  };
}
