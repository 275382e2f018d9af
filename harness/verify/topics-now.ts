/**
 * Whether the topics of a run can still be audited from their first record. What retention has cut, or somebody has
 * deleted, is no loss that the pipeline answers for: nobody can say. Pure.
 */
import type { TopicExtent } from "../observe/topic-extents.ts";

/** Sentences; none: everything that the run wrote is there to be read. `recordedEnds`: of the raw topic, by partition. */
export function topicTroubles(
  topics: readonly (readonly [name: string, extent: TopicExtent | undefined])[],
  raw: string,
  recordedEnds: readonly number[],
): readonly string[] {
  return topics.flatMap(([name, extent]) => {
    if (extent === undefined) {
      return `the topic ${name} is no longer there: what it held can no longer be judged`;
    }
    const cut = extent.starts.findIndex((start) => start > 0);
    if (cut >= 0) {
      return (
        `retention has cut ${name}: partition ${cut} begins at offset ${extent.starts[cut]}, ` +
        "so it can no longer be audited from its first record"
      );
    }
    const wasEmptied =
      name === raw && sum(extent.ends) === 0 && sum(recordedEnds) > 0
        ? `the topic ${name} was made anew: it is empty, and the run wrote ${sum(recordedEnds)} records`
        : undefined;
    return wasEmptied ?? [];
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
