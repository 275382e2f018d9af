/** Puts on file what the jobs of a run have skipped. */
import { writeDeadLetters } from "../facts/dead-letter-files.ts";
import { type DeadLetterTopic, readDeadLetterTopics } from "../observe/read-dead-letters.ts";
import type { RunContext } from "./run-context.ts";

/** The topics that were read; none when no job has one. Errors: those of reading and writing. */
export async function recordDeadLetters(
  context: Pick<RunContext, "jobs" | "names" | "stack" | "folder" | "clock" | "signal">,
): Promise<readonly DeadLetterTopic[]> {
  const { jobs, names, stack, folder, clock, signal } = context;
  const topics = jobs.flatMap(({ store, deadLetters: topic }) =>
    topic === undefined ? [] : [{ store, topic }],
  );
  const read = await readDeadLetterTopics({
    bootstrap: stack.kafka.bootstrap,
    topics,
    aggregatedTopic: names.topics.aggregated,
    clock,
    signal,
  });
  for (const rows of read) await writeDeadLetters(folder.factsFolder, rows);
  return topics;
}
