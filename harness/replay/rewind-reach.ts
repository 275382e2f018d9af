/** From which offset each partition is read again when a rewind does not mean all of the topic. Pure. */
import type { ReplayReach } from "../scenario/scenario.ts";
import type { ReplayedLog } from "./replayed-log.ts";

/**
 * `atTime`: by partition, the first offset at or behind the time that the reach names, as the broker tells; -1: none.
 * Undefined where it names none.
 */
export function reachedLog(
  log: ReplayedLog,
  { partition, begin }: ReplayReach,
  atTime: readonly bigint[] | undefined,
): ReplayedLog {
  const from = log.upTo.map((upTo, each) => {
    if (partition !== undefined && each !== partition) return undefined;
    if (begin === undefined) return 0n;
    const at = "offset" in begin ? BigInt(begin.offset) : (atTime?.[each] ?? -1n);
    if (at < 0n || at > upTo) return upTo;
    // What the log begins with now may be the first of that time, or only the first that retention has left of it.
    return at === log.start[each] && !("offset" in begin) ? 0n : at;
  });
  return { ...log, from };
}
