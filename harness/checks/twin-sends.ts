/**
 * The two copies of a reading that is sent twice are the same bytes: a log that holds one of them does not say which.
 * Behind a gap of unknown sends the audit may take the second copy for the first, and miss the second. Nothing is
 * lost where the copy that was found is one that nobody had acknowledged.
 */
import { createExpectedSends, type Send } from "../expected/expected-sends.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import type { Outcomes } from "./outcomes.ts";

/** A send that the log passed over, of one partition. */
export type MissedSend = Pick<Send, "position" | "device" | "index" | "copy">;

/**
 * Those of `missed` whose other copy is in the log without having been acknowledged: their positions. Walks the
 * partition's plan, so only to be asked when something is missed.
 */
export function heldByTwin(
  { plan, audit }: Pick<RunFacts, "plan" | "audit">,
  partition: number,
  missed: readonly MissedSend[],
  outcomes: Outcomes,
): ReadonlySet<number> {
  const twins = new Map(missed.map((send) => [keyOf(send, 1 - send.copy), send.position]));
  const absent = absentOf(audit, partition);
  const held = new Set<number>();
  const sends = createExpectedSends(plan, partition);
  for (sends.cut(audit.cutAt); sends.has(); sends.advance()) {
    const send = sends.next();
    const missedAt = twins.get(keyOf(send, send.copy));
    if (missedAt === undefined || absent(send.position)) continue;
    if (outcomes.of(partition, send.position) !== "acked") held.add(missedAt);
  }
  return held;
}

function keyOf({ device, index }: Pick<Send, "device" | "index">, copy: number): string {
  return `${device}/${index}/${copy}`;
}

/** Whether the log lacks the send at this position. */
function absentOf({ missing, partitions }: RunFacts["audit"], of: number) {
  const { partition, position } = missing.columns;
  const passed = new Set<number>();
  for (let i = 0; i < missing.length; i++) if (partition[i] === of) passed.add(position[i]!);
  const tailFrom = partitions.find((each) => each.partition === of)?.tailFrom ?? 0;
  return (at: number): boolean => at >= tailFrom || passed.has(at);
}
