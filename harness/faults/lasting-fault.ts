/**
 * A fault that lasts and is then taken back, whatever happens meanwhile: what all of its kind have in common. It has
 * recovered when the stage whose work it disturbs has gone on with each of its partitions.
 */
import type { FaultKind } from "../scenario/fault-kinds/fault-catalogue.ts";
import { workOf } from "../scenario/fault-target.ts";
import type { FaultPorts, Settling, StageProgress } from "./fault-ports.ts";
import { progressOn, untilMoved } from "./stage-recovery.ts";

/** Milliseconds, from the fault's beginning. */
type Since = () => number;

export type Told = {
  readonly stage: string;
  readonly moved: boolean;
  readonly lastedMs: number;
  /** From the fault's beginning until it was seen to go on, or was waited for no longer. */
  readonly watchedMs: number;
};

/**
 * `disturb`: does it, for its time, and says what it came to. `heal`: takes it back. `effect`: in words, null where it
 * left no trace. Errors: those of all three.
 */
export async function playLasting<Seen>(
  { kind, target }: { readonly kind: FaultKind; readonly target: string },
  ports: FaultPorts,
  fault: {
    readonly disturb: (sinceMs: Since) => Promise<Seen>;
    readonly heal: () => Promise<void>;
    readonly effect: (seen: Seen, told: Told) => string | null;
  },
): Promise<Settling> {
  const { clock } = ports;
  const stage = workOf(target);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const sinceMs: Since = () => clock.monotonicMs() - beganMs;
  let seen: Seen;
  let before: StageProgress;
  try {
    seen = await fault.disturb(sinceMs);
    before = await progressOn(stage, undefined, ports);
  } finally {
    await fault.heal();
  }
  const lastedMs = sinceMs();
  return {
    async report() {
      const moved = await untilMoved(stage, before, ports);
      const watchedMs = sinceMs();
      const effect = fault.effect(seen, { stage, moved, lastedMs, watchedMs });
      const recoveredMs = moved ? watchedMs : null;
      return { kind, target, atMs, untilMs: atMs + lastedMs, effect, recoveredMs };
    },
  };
}
