/**
 * Waits until nothing is under way: each stage's group has committed everything readable of its topic, and no
 * transaction is open in front of the end. Stage by stage, because only a drained stage has a final output.
 * A backlog that stands still is a stall; one that still shrinks at the deadline leaves the run undecided.
 */
import type { Clock } from "../../simulator/clock.ts";
import type { DrainedStage, DrainSeen } from "../facts/run-record.ts";
import type { GroupLag } from "../observe/lag.ts";
import type { Stage } from "./groups.ts";

/** `seen`: what was there at the last look at each stage; absent where nobody could look. */
export type DrainOutcome =
  | { readonly kind: "drained"; readonly tookMs: number; readonly seen?: DrainSeen }
  | {
      readonly kind: "stalled" | "timed-out";
      readonly stage: string;
      readonly lag: number;
      readonly afterMs: number;
      readonly seen?: DrainSeen;
    };

export type DrainOptions = {
  readonly stages: readonly Stage[];
  readonly lagOf: (stage: Stage) => Promise<GroupLag>;
  /** Asked again and again: what dies meanwhile shortens it. */
  readonly withinMs: () => number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onLag: (stage: string, lag: GroupLag) => void;
};

/** A stage that has not moved for so long has stopped: far above any rebalance or transaction time-out. */
const stallAfterMs = 45_000;
const pollMs = 200;

export async function drain(options: DrainOptions): Promise<DrainOutcome> {
  const { stages, clock } = options;
  const startedMs = clock.monotonicMs();
  const last = new Map<string, DrainedStage>();
  const seen = (): DrainSeen => ({
    afterMs: clock.monotonicMs() - startedMs,
    withinMs: options.withinMs(),
    stages: [...last.values()],
  });
  const onLag = (stage: string, lag: GroupLag): void => {
    last.set(stage, drainedStage(stage, lag));
    options.onLag(stage, lag);
  };
  for (const stage of stages) {
    const outcome = await drainStage(stage, startedMs, { ...options, onLag });
    if (outcome !== undefined) return { ...outcome, seen: seen() };
  }
  return { kind: "drained", tookMs: clock.monotonicMs() - startedMs, seen: seen() };
}

function drainedStage(stage: string, { partitions }: GroupLag): DrainedStage {
  return {
    stage,
    topic: partitions[0]?.topic ?? "",
    partitions: partitions.map(({ partition, committed, lastStable, end }) => ({
      partition,
      committed: Number(committed),
      lastStable: Number(lastStable),
      end: Number(end),
    })),
  };
}

async function drainStage(
  stage: Stage,
  startedMs: number,
  options: DrainOptions,
): Promise<DrainOutcome | undefined> {
  const { lagOf, withinMs, clock, signal, onLag } = options;
  let least = Number.POSITIVE_INFINITY;
  let movedMs = clock.monotonicMs();
  for (;;) {
    const seen = await lagOf(stage);
    const { drained, lag } = seen;
    onLag(stage.stage, seen);
    if (drained) return undefined;
    const now = clock.monotonicMs();
    if (lag < least) {
      least = lag;
      movedMs = now;
    }
    const afterMs = now - startedMs;
    if (now - movedMs > stallAfterMs) return { kind: "stalled", stage: stage.stage, lag, afterMs };
    if (afterMs > withinMs()) return { kind: "timed-out", stage: stage.stage, lag, afterMs };
    await clock.sleep(pollMs, signal);
  }
}
