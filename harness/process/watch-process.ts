/** Looks at a process that another harness started (a server of a kept stack): by polling, since it is no child of ours. */
import type { Clock } from "../../simulator/clock.ts";
import type { Exit, WatchedProcess } from "./owned-process.ts";
import { signalGroup } from "./process-group.ts";
import { isAlive, type ProcessIdentity } from "./process-table.ts";
import { meterUsage } from "./usage-meter.ts";

const pollMs = 500;
/** Of the polls, how many go by between two looks at what it uses. */
const glanceEvery = 10;

/** `signal` ends the watching; `exited` then stays open. */
export function watchProcess(options: {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): WatchedProcess {
  const { name, identity, clock, signal } = options;
  const meter = meterUsage(identity.pid);
  const { promise: exited, resolve } = Promise.withResolvers<Exit>();
  const poll = async (): Promise<void> => {
    for (let polls = 0; isAlive(identity); polls++) {
      if (polls % glanceEvery === 0) meter.glance();
      await clock.sleep(pollMs, signal);
    }
    resolve({ code: null, signal: null });
  };
  poll().catch(() => undefined); // Only the abort rejects.
  return {
    name,
    pid: identity.pid,
    exited,
    get running() {
      return isAlive(identity);
    },
    kill(signal) {
      meter.sample();
      if (isAlive(identity)) signalGroup(identity.pid, signal);
    },
    usage: meter.sample,
  };
}
