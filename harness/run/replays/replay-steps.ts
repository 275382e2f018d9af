/** The replays of a scenario over a run: which of the players plays which step. */

import type { RunContext } from "../run-context.ts";
import { beginNewStoreUnderLoad, endNewStoreOf, newStoreAtRest } from "./replay-new-store.ts";
import type { ReplayParts } from "./replay-parts.ts";
import { beginRewindUnderLoad, endRewindUnderLoad, rewindAtRest } from "./replay-rewind.ts";
import { type Replays, sequenceReplays } from "./replay-sequence.ts";

export function createReplays(context: RunContext, parts: ReplayParts): Replays {
  return sequenceReplays(context, parts, {
    async beginUnderLoad(step) {
      if (step.kind === "rewind") {
        const begun = await beginRewindUnderLoad(step, context, parts);
        return (scans) => endRewindUnderLoad(begun, step, context, parts, scans);
      }
      const begun = await beginNewStoreUnderLoad(step, context, parts);
      return (scans) => endNewStoreOf(begun, step, context, parts, scans);
    },
    playAtRest(step, scans) {
      const play = step.kind === "rewind" ? rewindAtRest : newStoreAtRest;
      return play(step, context, parts, scans);
    },
  });
}
