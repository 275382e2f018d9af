/** Waits for a condition of the outside world; a test of the unit project has its own, with a shorter deadline. */
import { systemClock as clock } from "../../simulator/clock.ts";

/** Looks twenty times a second. @throws Error that says `what` was waited for, when the time is over */
export async function until(holds: () => boolean, what: string, withinMs = 120_000): Promise<void> {
  const deadline = clock.monotonicMs() + withinMs;
  while (!holds()) {
    if (clock.monotonicMs() > deadline) {
      throw new Error(`Waited ${withinMs / 1_000} s for ${what}.`);
    }
    await clock.sleep(50);
  }
}
