/** The replays of a scenario over a run: which of the players plays which step. */

import type { RunContext } from "../run-context.ts";
import { beginNewStoreUnderLoad, endNewStoreOf, newStoreAtRest } from "./replay-new-store.ts";
import type { ReplayParts } from "./replay-parts.ts";
import { beginReAggregate, endReAggregate, reAggregateAtRest } from "./replay-re-aggregate.ts";
import { beginReProduce, endReProduce, reProduceAtRest } from "./replay-re-produce.ts";
import { beginRewindUnderLoad, endRewindUnderLoad, rewindAtRest } from "./replay-rewind.ts";
import { type Replays, sequenceReplays } from "./replay-sequence.ts";

export function createReplays(context: RunContext, parts: ReplayParts): Replays {
  return sequenceReplays(context, parts, {
    async beginUnderLoad(step) {
      switch (step.kind) {
        case "rewind":
        case "rebuild": {
          const begun = await beginRewindUnderLoad(step, context, parts);
          return (scans) => endRewindUnderLoad(begun, step, context, parts, scans);
        }
        case "new-store": {
          const begun = await beginNewStoreUnderLoad(step, context, parts);
          return (scans) => endNewStoreOf(begun, step, context, parts, scans);
        }
        case "re-aggregate": {
          const begun = await beginReAggregate(step, context, parts);
          return (scans) => endReAggregate(begun, step, context, parts, scans);
        }
        case "re-produce": {
          const begun = await beginReProduce(step, context, parts);
          return (scans) => endReProduce(begun, step, context, parts, scans);
        }
      }
    },
    playAtRest(step, scans) {
      switch (step.kind) {
        case "rewind":
        case "rebuild":
          return rewindAtRest(step, context, parts, scans);
        case "new-store":
          return newStoreAtRest(step, context, parts, scans);
        case "re-aggregate":
          return reAggregateAtRest(step, context, parts, scans);
        case "re-produce":
          return reProduceAtRest(step, context, parts, scans);
      }
    },
  });
}
