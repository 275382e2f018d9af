/**
 * Ends a process of the run at one of its crash points: the process is told the point over its channel, and kills itself
 * when it comes by. Evidence that it died there and not elsewhere: the signal, and its last line in the log.
 */
import type { Clock } from "../../simulator/clock.ts";
import type { OwnedProcess } from "../process/owned-process.ts";
import { logTail } from "../stack/log-tail.ts";
import { NotStartedError } from "./child.ts";
import type { ProcessSlots } from "./process-slots.ts";

export type CrashOptions = {
  readonly slots: ProcessSlots;
  readonly clock: Clock;
  /** Aborted when the load ends: what has not come by soon after will not. */
  readonly over: AbortSignal;
  readonly signal: AbortSignal;
};

/**
 * Checkpoints are the rarest: with eight partitions and the default of 60 s one is due every 7.5 s, once a restart has
 * staggered them; in the first life of a run all are written at once, and the next ones a minute later.
 */
const passesWithinMs = 30_000;
/** After the load the backlogs are still worked off, and offsets committed. */
const afterLoadMs = 3_000;
/** A channel answers within milliseconds; a process that fills its core takes longer. */
const heardWithinMs = 5_000;

/** Whether it died there; else it lives on, the point taken back. Errors: the signal's reason. */
export async function crashSlot(
  name: string,
  point: string,
  options: CrashOptions,
): Promise<boolean> {
  const { slots, clock, over, signal } = options;
  const process = slots.get(name);
  const withdraw = slots.expectEnd(name);
  const gone = process.exited.then(() => true);
  process.send({ type: "crash-at", point });
  const passing = new AbortController();
  const late = clock.sleep(passesWithinMs, AbortSignal.any([passing.signal, over])).then(
    () => false,
    () =>
      clock.sleep(afterLoadMs, passing.signal).then(
        () => false,
        () => false,
      ),
  );
  const died = await Promise.race([gone, late]).finally(() => passing.abort());
  signal.throwIfAborted();
  if (!died) {
    await untilHeard(process, { type: "crash-never" }, options);
    if (process.running) {
      withdraw();
      return false;
    }
  }
  return diedAt(name, point, slots);
}

/**
 * For a point that only a start comes by: started, armed, from where it was killed. Errors: those of a start that fails
 * for another reason; the signal's reason.
 */
export async function crashSlotAtStart(
  name: string,
  point: string,
  { slots }: Pick<CrashOptions, "slots">,
): Promise<boolean> {
  await slots.kill(name);
  try {
    await slots.restart(name, { type: "crash-at", point });
  } catch (error) {
    if (!(error instanceof NotStartedError) || !diedAt(name, point, slots)) throw error;
    return true;
  }
  await slots.kill(name); // It came up all the same: whoever starts it next starts it unarmed.
  return false;
}

/** Its own words, the last of its log. */
function diedAt(name: string, point: string, slots: ProcessSlots): boolean {
  const last = logTail(slots.logOf(name)).split("\n").at(-1) ?? "";
  return last.endsWith(`ended at the crash point ${point}"}`);
}

async function untilHeard(
  process: OwnedProcess,
  message: { readonly type: string },
  { clock }: Pick<CrashOptions, "clock">,
): Promise<void> {
  const heard = Promise.withResolvers<void>();
  const off = process.onMessage((answer) => {
    if ((answer as { readonly type?: unknown } | null)?.type === "crash-heard") heard.resolve();
  });
  const waiting = new AbortController();
  process.send(message);
  await Promise.race([
    heard.promise,
    process.exited,
    clock.sleep(heardWithinMs, waiting.signal).catch(() => undefined), // only our own abort
  ]);
  waiting.abort();
  off();
}
