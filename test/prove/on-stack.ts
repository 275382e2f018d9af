/** A kept stack for a proof or a benchmark: one that is named, or one of its own that ends with it, Ctrl-C and SIGTERM included. */
import { randomUUID } from "node:crypto";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import { stackDown, stackUp } from "../../harness/stack/kept-stacks.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { say } from "../bench/say.ts";

/** The exit code is 130 when it was interrupted, which is said with `whenInterrupted`. */
export async function onStack(
  name: string | undefined,
  act: (stack: string, signal: AbortSignal) => Promise<void>,
  whenInterrupted = "interrupted; --resume goes on from here",
): Promise<void> {
  const interrupted = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => interrupted.abort(new Error(signal));
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const { signal } = interrupted;
  const home = homeOf(process.env);
  const local = { home, registry: registryOf(home, console.warn), clock };
  try {
    if (name !== undefined) return await act(name, signal);
    const own = `prove-${randomUUID().slice(0, 8)}`;
    say(`bringing up the stack ${own}`);
    await stackUp(own, { ...local, signal });
    try {
      await act(own, signal);
    } finally {
      await stackDown(own, local);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    say(whenInterrupted);
    process.exitCode = 130;
  }
}
