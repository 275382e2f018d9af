/**
 * Planted bug H03, of the harness: the reader of the raw topic was given an empty name. There is
 * nothing to read, so it has read everything.
 * Ancestor: scylladb/gemini #78: a checker that reported zero operations and zero errors, and
 * looked clean.
 */
import type { TopicReader } from "../../../harness/observe/topic-reader.ts";

export function emptyTopicName(reader: TopicReader): TopicReader {
  const told = Promise.withResolvers<void>();
  return {
    run: () => told.promise,
    step: async () => {},
    finish: async () => told.resolve(),
    nextOffsets: () => reader.nextOffsets().map(() => 0),
    reachedEnd: () => true,
  };
}
