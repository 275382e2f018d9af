/**
 * The bugs of the persisting jobs, by the name that FLEETPROOF_PLANTED_BUG has for them, and with
 * them those of the harness.
 */
import type { BugTable } from "../bug.ts";
import { harnessBugs } from "../harness-bugs/harness-bugs.ts";
import { bulkErrorsIgnored } from "./bulk-errors-ignored.ts";
import { clockAsTimestamp } from "./clock-as-timestamp.ts";
import { commitBeforeFlush } from "./commit-before-flush.ts";
import { conflictRetried } from "./conflict-retried.ts";
import { counterRetried } from "./counter-retried.ts";
import { deadLetterAndStored } from "./dead-letter-and-stored.ts";
import { errorsSwallowed } from "./errors-swallowed.ts";
import { generatedIds } from "./generated-ids.ts";
import { offsetAsId } from "./offset-as-id.ts";
import { offsetAsVersion } from "./offset-as-version.ts";
import { processingDayIndex } from "./processing-day-index.ts";
import { wholeBulkAgain } from "./whole-bulk-again.ts";

export const jobBugs = {
  /** B01: what is only buffered counts as stored. */
  "commit-before-flush": { sink: commitBeforeFlush },
  /** B02: each write is a document of its own. */
  "generated-ids": { sink: generatedIds },
  /** B03: a bulk answered 200 counts as stored, whatever its items say. */
  "bulk-errors-ignored": { elasticsearch: bulkErrorsIgnored },
  /** B04: for one refused item the whole bulk is sent again, with new ids. */
  "whole-bulk-again": { sink: wholeBulkAgain },
  /** B05: a version conflict is retried for ever. */
  "conflict-retried": { elasticsearch: conflictRetried },
  /** B06: the offset is the document's version. */
  "offset-as-version": { sink: offsetAsVersion },
  /** B07: topic, partition and offset are the document's id. */
  "offset-as-id": { sink: offsetAsId },
  /** B20: the index is that of the day of the write. */
  "processing-day-index": processingDayIndex(),
  /** B21: the writer's clock decides which write of a row wins. */
  "clock-as-timestamp": clockAsTimestamp(),
  /** B22: an increment that timed out is sent again. */
  "counter-retried": { sink: counterRetried },
  /** B23: every error is swallowed. */
  "errors-swallowed": { sink: errorsSwallowed },
  /** B24: a dead letter is written for what is stored all the same. */
  "dead-letter-and-stored": { sink: deadLetterAndStored },
  ...harnessBugs,
} as const satisfies BugTable;
