/**
 * The three compacted topics by which the workers of one cluster know what is to run and what runs.
 */

export type WorkerTopics = {
  /** What jobs there are. */
  readonly configs: string;
  /** What state each is wanted in, and what is to be restarted. */
  readonly targets: string;
  /** What runs where, and which workers live. */
  readonly status: string;
};

/** A cluster's name becomes the beginning of its topics' names. */
export const clusterPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

export function workerTopics(cluster: string): WorkerTopics {
  return {
    configs: `${cluster}.connect.configs`,
    targets: `${cluster}.connect.targets`,
    status: `${cluster}.connect.status`,
  };
}
