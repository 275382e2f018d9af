/** What a second pipeline beside the run's own is called, after the first. Pure. */
import { checkpointsTopic, type RunNames } from "../../pipeline/contract/names.ts";

export type AgainNames = Pick<RunNames, "topics" | "aggregatorGroup">;

/**
 * Topics and group of the `nth` second pipeline. `fresh`: which topics are its own beside those of the refused records
 * and of the checkpoints; the others are the first one's.
 */
export function againNames(
  { topics, aggregatorGroup }: AgainNames,
  nth: number,
  fresh: readonly ("raw" | "aggregated")[],
): AgainNames {
  const group = `${aggregatorGroup}-again${nth}`;
  const own = (topic: "raw" | "aggregated"): string =>
    fresh.includes(topic) ? `${topics[topic]}.again${nth}` : topics[topic];
  return {
    aggregatorGroup: group,
    topics: {
      raw: own("raw"),
      aggregated: own("aggregated"),
      rejected: `${topics.rejected}.again${nth}`,
      checkpoints: checkpointsTopic(group),
    },
  };
}

/** Of its stage; its only process is `<stage>-0`. */
export function againStage(nth: number): string {
  return `aggregator-again${nth}`;
}
