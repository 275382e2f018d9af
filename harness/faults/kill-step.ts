/**
 * `kill`: SIGKILL of a process of the run, then its restart at once. The effect is the exit that was seen; it has
 * recovered when the group of that process has committed past everything it had committed at the kill.
 */
import type { Clock } from "../../simulator/clock.ts";

export type KillReport = {
  readonly kind: "kill";
  readonly target: string;
  /** After the load began. */
  readonly atMs: number;
  /** What was seen of it; null: it left no trace. */
  readonly effect: string | null;
  /** From the kill until its group moved on; null: it never did. */
  readonly recoveredMs: number | null;
};

export type KillPorts = {
  readonly kill: (target: string) => Promise<void>;
  readonly restart: (target: string) => Promise<unknown>;
  readonly exitsOf: (target: string) => readonly string[];
  /** Sum of the offsets that the target's group has committed. */
  readonly committedBy: (target: string) => Promise<bigint>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

const pollMs = 100;
const recoverWithinMs = 90_000;

export async function killStep(
  step: { readonly target: string; readonly atMs: number },
  ports: KillPorts,
): Promise<KillReport> {
  const { target, atMs } = step;
  const { clock, signal } = ports;
  const killedMs = clock.monotonicMs();
  await ports.kill(target);
  const exit = ports.exitsOf(target).at(-1);
  const before = await ports.committedBy(target);
  await ports.restart(target);
  const effect = exit?.includes("SIGKILL") ? `${target} ended by ${exit}, started again` : null;
  while (clock.monotonicMs() - killedMs < recoverWithinMs) {
    if ((await ports.committedBy(target)) > before) {
      return { kind: "kill", target, atMs, effect, recoveredMs: clock.monotonicMs() - killedMs };
    }
    await clock.sleep(pollMs, signal);
  }
  return { kind: "kill", target, atMs, effect, recoveredMs: null };
}
