/**
 * Where a worker's load begins: at the plan's first send, or where a killed life of the worker left off. What that life
 * may have sent without hearing of it becomes `unknown` and is never sent again: under another producer id the broker
 * could not tell the second copy from the first. Not free: to find its place it walks the plan from the start, a
 * third of a microsecond for each send.
 */
import type { AckLog } from "./ack-log.ts";
import type { Clock } from "./clock.ts";
import { createPartitionWalk, type PartitionWalk } from "./partition-walk.ts";
import { type PastLife, type PastPartition, ResumeError } from "./past-life.ts";
import type { Plan } from "./plan.ts";
import { intendedAtMs, type Schedule } from "./schedule.ts";
import type { PastSends } from "./send-meter.ts";

export type LoadBeginning = {
  readonly lanes: readonly {
    readonly partition: number;
    readonly walk: PartitionWalk;
    /** Event ms before which all sends are behind the walk. */
    readonly walkedTo: number;
  }[];
  /** Of the sends behind the walks. */
  readonly counts: {
    readonly sends: number;
    readonly acked: number;
    readonly failed: number;
    readonly unknown: number;
  };
};

export function beginAtTheStart(plan: Plan, partitions: readonly number[]): LoadBeginning {
  return {
    lanes: partitions.map((partition) => ({
      partition,
      walk: createPartitionWalk(plan, partition),
      walkedTo: plan.options.startAt,
    })),
    counts: { sends: 0, acked: 0, failed: 0, unknown: 0 },
  };
}

/**
 * Goes on behind `past`, and writes to `acks` what has become unknown. `sends`: what of it is measured, counted exactly.
 * Errors: `ResumeError` when the facts are not of this plan.
 */
export function beginAfter(
  past: PastLife,
  options: {
    readonly plan: Plan;
    readonly partitions: readonly number[];
    readonly schedule: Schedule;
    /** Wall time at which the warm-up ends. */
    readonly measureFromMs: number;
    readonly acks: AckLog;
    readonly clock: Clock;
  },
): { readonly beginning: LoadBeginning; readonly sends: PastSends } {
  const { plan, partitions, acks, clock } = options;
  const counts = { sends: 0, acked: 0, failed: 0, unknown: 0 };
  const sends = { sent: 0, acked: 0, firstIntendedAtMs: Infinity, lastIntendedAtMs: -Infinity };
  const lanes = beginAtTheStart(plan, partitions).lanes.map(({ partition, walk, walkedTo }) => {
    const { ranges, untilEventMs = walkedTo } = past.get(partition) ?? { ranges: [] };
    walkOver({ walk, untilEventMs, ranges }, options, sends);
    const { position } = walk;
    const settledTo = ranges.at(-1)?.to ?? 0;
    if (settledTo > position) {
      throw new ResumeError(
        `The acks of partition ${partition} reach to position ${settledTo}, its intents only to ` +
          `${position}: the two files are not of one worker and plan, so it does not go on.`,
      );
    }
    for (const { outcome, from, to } of ranges) counts[outcome] += to - from;
    counts.unknown += position - settledTo;
    counts.sends += position;
    if (position > settledTo) {
      const range = { partition, from: settledTo, to: position, outcome: "unknown" as const };
      acks.add({ atMs: clock.now(), ...range, baseOffset: -1 });
    }
    return { partition, walk, walkedTo: untilEventMs };
  });
  acks.flush();
  return { beginning: { lanes, counts }, sends };
}

type CountedSends = { -readonly [K in keyof PastSends]: PastSends[K] };

/** Advances the walk without sending, and adds the measured sends that it comes by to `into`. */
function walkOver(
  of: { readonly walk: PartitionWalk; readonly untilEventMs: number } & Pick<
    PastPartition,
    "ranges"
  >,
  options: { readonly schedule: Schedule; readonly measureFromMs: number },
  into: CountedSends,
): void {
  const { schedule, measureFromMs } = options;
  let next = 0;
  of.walk.advance(of.untilEventMs, (_reading, _copy, sendAt, position) => {
    const intended = intendedAtMs(schedule, sendAt);
    if (intended < measureFromMs) return;
    into.sent += 1;
    while (next < of.ranges.length && of.ranges[next]!.to <= position) next += 1;
    if (of.ranges[next]?.outcome !== "acked") return;
    into.acked += 1;
    into.firstIntendedAtMs = Math.min(into.firstIntendedAtMs, intended);
    into.lastIntendedAtMs = Math.max(into.lastIntendedAtMs, intended);
  });
}
