/**
 * The two copies of a reading that is sent twice are the same bytes: a log that holds one of them does not say which.
 * Behind a gap of unknown sends the audit may take the second copy for the first, and miss the second. Nothing is
 * lost where the copy that was found is one that nobody had acknowledged.
 */
import { emptyPlannedReading, type Plan } from "../../simulator/plan.ts";
import { type PlainSend, visitSends } from "../expected/visit-sends.ts";
import type { WholeFacts } from "../facts/run-facts.ts";
import type { Outcomes } from "./outcomes.ts";

/** A send that the log passed over, of one partition. */
export type MissedSend = PlainSend;

/**
 * Those of `missed` whose other copy is in the log without having been acknowledged: their positions. Walks the
 * partition's plan once for all of them, and only where one of them has another copy.
 */
export function heldByTwin(
  { plan, audit }: Pick<WholeFacts, "plan" | "audit">,
  partition: number,
  missed: readonly MissedSend[],
  outcomes: Outcomes,
): ReadonlySet<number> {
  const twins = twinsOf(plan, missed);
  const held = new Set<number>();
  if (twins.size === 0) return held;
  const absent = absentOf(audit, partition);
  visitSends(plan, partition, audit.cutAt, (position, device, index, copy) => {
    const byCopy = twins.get(device)?.get(index);
    const missedAt = byCopy?.get(copy);
    if (missedAt === undefined || absent(position)) return;
    if (outcomes.of(partition, position) !== "acked") held.add(missedAt);
  });
  return held;
}

/** By device, index and copy of the other one: where the missed one stands. */
type Twins = ReadonlyMap<number, ReadonlyMap<number, ReadonlyMap<number, number>>>;

function twinsOf(plan: Plan, missed: readonly MissedSend[]): Twins {
  const twins = new Map<number, Map<number, Map<number, number>>>();
  const reading = emptyPlannedReading();
  for (const { position, device, index, copy } of missed) {
    if (device >= plan.fleetDevices) continue;
    plan.fill(device, index, reading);
    if (reading.duplicateAt < 0) continue;
    const ofDevice = twins.get(device) ?? new Map<number, Map<number, number>>();
    const ofReading = ofDevice.get(index) ?? new Map<number, number>();
    twins.set(device, ofDevice.set(index, ofReading.set(1 - copy, position)));
  }
  return twins;
}

/** Whether the log lacks the send at this position. */
function absentOf({ missing, partitions }: WholeFacts["audit"], of: number) {
  const { partition, position } = missing.columns;
  const passed = new Set<number>();
  for (let i = 0; i < missing.length; i++) if (partition[i] === of) passed.add(position[i]!);
  const tailFrom = partitions.find((each) => each.partition === of)?.tailFrom ?? 0;
  return (at: number): boolean => at >= tailFrom || passed.has(at);
}
