/**
 * What went wrong in a run without being a finding: a server or process that ended unasked, a topic or store that
 * could not be read to its end. Such a run is judged as far as it came, and undecided: UNKNOWN. An error that
 * nothing of this kind explains is one of ours, and is thrown.
 */
import type { Clock } from "../../simulator/clock.ts";
import { FaultError } from "../faults/fault-error.ts";
import { StoreReadError } from "../observe/store-error.ts";
import { NotStartedError } from "./child.ts";
import { FleetError } from "./fleet/fleet.ts";
import { JobRestError } from "./worker-requests.ts";

export type Troubles = {
  /** One each. */
  readonly sentences: readonly string[];
  readonly note: (sentence: string) => void;
  /** The work's result, or `otherwise` when a trouble kept it from one; the trouble is then on the list. */
  readonly attempt: <T>(what: string, work: () => Promise<T>, otherwise: T) => Promise<T>;
};

/** These are troubles by themselves; what any other error means shows in what died. */
const kinds = [StoreReadError, FleetError, NotStartedError, JobRestError, FaultError] as const;

/** A dead server is felt by its clients before its own end is seen. */
const deathSeenWithinMs = 2_000;

export function createTroubles(clock: Clock, signal: AbortSignal): Troubles {
  const sentences: string[] = [];
  return {
    sentences,
    note: (sentence) => void sentences.push(sentence),
    async attempt(what, work, otherwise) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        const ofItsKind = kinds.some((kind) => error instanceof kind);
        if (!ofItsKind && sentences.length === 0) await clock.sleep(deathSeenWithinMs, signal);
        if (!ofItsKind && sentences.length === 0) throw error;
        sentences.push(`${what}: ${(error as Error).message}`);
        return otherwise;
      }
    },
  };
}
