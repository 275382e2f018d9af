/** Names that follow from a run's id, to the letter of the contract. */

/** `r` and 8 of [a-z0-9]: it is in the name of every topic, index, keyspace and group of a run. */
export const runIdPattern = /^r[a-z0-9]{8}$/;

export type RunNames = {
  readonly topics: {
    readonly raw: string;
    readonly aggregated: string;
    readonly rejected: string;
    readonly checkpoints: string;
  };
  readonly aggregatorGroup: string;
  /** Elasticsearch index pattern of all days. */
  readonly indices: string;
  /** Elasticsearch index without its day. */
  readonly indexBase: string;
  readonly keyspace: string;
  readonly table: string;
};

export function runNames(run: string): RunNames {
  const aggregatorGroup = `${run}-aggregator`;
  return {
    topics: {
      raw: `${run}.thermostat.data`,
      aggregated: `${run}.temperatures.aggregated`,
      rejected: `${run}.thermostat.data.rejected`,
      checkpoints: checkpointsTopic(aggregatorGroup),
    },
    aggregatorGroup,
    indices: `${run}-temperatures-*`,
    indexBase: `${run}-temperatures-`,
    keyspace: run,
    table: "temperatures",
  };
}

export function checkpointsTopic(group: string): string {
  return `${group}.checkpoints`;
}

/** The consumer group of a persisting job, as Kafka Connect names it; `job` is the config's `name`. */
export function connectGroup(job: string): string {
  return `connect-${job}`;
}
