/** SIGSTOP and SIGCONT for the servers of a stack, which are groups of processes on this machine. */
import type { Clock } from "../../simulator/clock.ts";
import type { WatchedProcess } from "../process/owned-process.ts";
import { isGroupStopped } from "../process/stopped.ts";
import { FaultError } from "./fault-error.ts";
import type { Servers } from "./fault-ports.ts";
import { guardStopped } from "./resume-guard.ts";

/** A server has hundreds of threads, some of them in the kernel's hands (disk). */
const standsStillWithinMs = 5_000;
const pollMs = 20;

export function serversOf(
  processes: Readonly<Record<string, Pick<WatchedProcess, "pid" | "kill">>>,
  clock: Clock,
): Pick<Servers, "suspend" | "resume"> {
  const guards = new Map<string, Disposable>();
  const processOf = (name: string): Pick<WatchedProcess, "pid" | "kill"> => {
    const process = processes[name];
    if (process === undefined) throw new FaultError(`There is no server ${name} in this stack.`);
    return process;
  };
  return {
    async suspend(name) {
      const { pid, kill } = processOf(name);
      guards.set(name, guardStopped(pid));
      kill("SIGSTOP");
      const deadlineMs = clock.monotonicMs() + standsStillWithinMs;
      while (!isGroupStopped(pid)) {
        if (clock.monotonicMs() > deadlineMs) return false;
        await clock.sleep(pollMs);
      }
      return true;
    },
    resume(name) {
      processOf(name).kill("SIGCONT");
      guards.get(name)?.[Symbol.dispose]();
      guards.delete(name);
    },
  };
}
