/** What is asked of Kafka while a fault may have ended it, or cut the way to it: asked again until it answers. */
import type { Clock } from "../../simulator/clock.ts";
import { FaultError } from "./fault-error.ts";

/** A broker that is killed answers again within half a minute; nothing that a step does takes it away for longer. */
const withinMs = 90_000;
const againMs = 250;

/** Errors: `FaultError` when there was no answer in time; the signal's reason. */
export async function throughOutage<T>(
  what: string,
  work: () => Promise<T>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T> {
  const deadlineMs = clock.monotonicMs() + withinMs;
  for (;;) {
    try {
      return await work();
    } catch (cause) {
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : String(cause);
      if (clock.monotonicMs() > deadlineMs) {
        const sentence = `${what} could not be asked for ${withinMs / 1_000} s: ${why}`;
        throw new FaultError(sentence, { cause });
      }
      await clock.sleep(againMs, signal);
    }
  }
}
