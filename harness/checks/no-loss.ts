/**
 * C1: each send that was acknowledged to the simulator is in the raw topic. A send that failed, or of which
 * nobody knows, may be absent. Absence is a loss once the topic was read to its end; until then it is unseen.
 */
import type { AckRange } from "../facts/ack-ranges.ts";
import type { WholeFacts } from "../facts/run-facts.ts";
import { type CheckResult, resultOf } from "./check-result.ts";
import { createFindingList, violationsMax } from "./finding.ts";
import { nameSends } from "./name-sends.ts";
import { createOutcomes, type Outcomes } from "./outcomes.ts";
import { heldByTwin, type MissedSend } from "./twin-sends.ts";

export function checkNoLoss(facts: WholeFacts): CheckResult {
  const { plan, audit, record } = facts;
  const outcomes = createOutcomes(facts.acks);
  const list = createFindingList();
  const topic = record.topics.raw;
  const kind = audit.reachedEnd ? "lost-write" : "unseen";
  for (const [p, missed] of ackedButMissed(audit, outcomes)) {
    const held = heldByTwin(facts, p, missed, outcomes);
    for (const { position, device, index } of missed) {
      if (held.has(position)) continue;
      const id = { device: plan.deviceId(device), ...plan.readingId(device, index) };
      list.add(kind, () => ({ ...id, topic, partition: p, found: "acknowledged, not in the log" }));
    }
  }
  for (const { partition: p, tailFrom, tailMissing } of audit.partitions) {
    if (!tailMissing) continue;
    const { lost, examples } = ackedFrom(outcomes.ranges(p), tailFrom);
    const named = nameSends(facts, p, examples);
    for (let i = 0; i < lost; i++) {
      const send = named[i];
      const id = send && {
        device: plan.deviceId(send.device),
        ...plan.readingId(send.device, send.index),
      };
      list.add(kind, () => ({
        ...id,
        topic,
        partition: p,
        found: "acknowledged, log ends before",
      }));
    }
  }
  const result = resultOf("C1", outcomes.count("acked"), list);
  const undecided = audit.partitions.some((each) => each.overflowed) && result.verdict === "PASS";
  return undecided ? { ...result, verdict: "UNKNOWN" } : result;
}

/** By partition; none where nothing is. */
function ackedButMissed(
  { missing }: WholeFacts["audit"],
  outcomes: Outcomes,
): ReadonlyMap<number, readonly MissedSend[]> {
  const { partition, position, device, index, copy } = missing.columns;
  const missed = new Map<number, MissedSend[]>();
  for (let i = 0; i < missing.length; i++) {
    const p = partition[i]!;
    if (outcomes.of(p, position[i]!) !== "acked") continue;
    const send = {
      position: position[i]!,
      device: device[i]!,
      index: index[i]!,
      copy: copy[i]!,
    };
    const known = missed.get(p);
    if (known === undefined) missed.set(p, [send]);
    else known.push(send);
  }
  return missed;
}

/** How many positions from `tailFrom` on were acknowledged, and the first of them. */
function ackedFrom(
  ranges: readonly AckRange[],
  tailFrom: number,
): { readonly lost: number; readonly examples: ReadonlySet<number> } {
  const examples = new Set<number>();
  let lost = 0;
  for (const { from, to, outcome } of ranges) {
    if (outcome !== "acked" || to <= tailFrom) continue;
    const first = Math.max(from, tailFrom);
    lost += to - first;
    for (let at = first; at < to && examples.size < violationsMax; at++) examples.add(at);
  }
  return { lost, examples };
}
