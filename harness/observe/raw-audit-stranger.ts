/**
 * Whether a raw record looks like a poison that the run itself has put there: unreadable, under the poisons' key or under
 * none. The audit only notes where such records lie; that each is one of the run's, the check says (C3).
 */
import type { Decision } from "../expected/decision.ts";
import type { LogRecord } from "../expected/log-record.ts";

/** What the keys of the poisons begin with: `harness/faults/poison-forms.ts`. */
const keyBegin = Buffer.from("poison-");
/** So many of a partition are noted; no scenario has as many, and each further one is a phantom. */
export const strangersMax = 1_000;

export function isStranger({ bytes, keyStart, keyEnd }: LogRecord, decision: Decision): boolean {
  if (decision !== "malformed") return false;
  if (keyEnd < 0) return true;
  const key = bytes.subarray(keyStart, Math.min(keyEnd, keyStart + keyBegin.length));
  return Buffer.compare(key, keyBegin) === 0;
}
