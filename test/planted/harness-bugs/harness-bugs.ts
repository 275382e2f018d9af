/**
 * The bugs of the harness itself, by the name that FLEETPROOF_PLANTED_BUG has for them: what is
 * proven is that it notices when its own eyes fail it, or what would come of it if it did not.
 */
import type { Client } from "@elastic/elasticsearch";
import type { AckRange } from "../../../harness/facts/ack-ranges.ts";
import type { TopicReader } from "../../../harness/observe/topic-reader.ts";
import type { Bug, BugTable } from "../bug.ts";
import { emptyTopicName } from "./empty-topic-name.ts";
import { lostShard } from "./lost-shard.ts";
import { staleEndOffset } from "./stale-end-offset.ts";
import { timeOutAsFailure } from "./time-out-as-failure.ts";

/** What stands at each place of the harness where a bug may be. */
type Places = {
  readonly "raw-reader": TopicReader;
  readonly acks: readonly AckRange[];
  readonly "elasticsearch-client": Client;
};

export const harnessBugs = {
  /** H01: the audit stops at an end that was one a while ago. */
  "stale-end-offset": at("raw-reader", staleEndOffset),
  /** H02: what timed out is booked as failed. */
  "time-out-as-failure": at("acks", timeOutAsFailure),
  /** H03: the audit reads a topic without a name, which holds nothing. */
  "empty-topic-name": at("raw-reader", emptyTopicName),
  /** H04: the scan asks one shard of each index, and nobody says so. */
  "lost-shard": at("elasticsearch-client", lostShard),
} as const satisfies BugTable;

function at<P extends keyof Places>(place: P, wrap: (port: Places[P]) => Places[P]): Bug {
  return {
    // A place's name alone tells what stands there: the pipeline, which hands it on, knows none.
    harness: <T>(called: string, port: T): T =>
      called === place ? (wrap(port as unknown as Places[P]) as unknown as T) : port,
  };
}
