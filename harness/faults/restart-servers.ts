/** Ends servers of the run's stack and starts them again. */
import { serverNames } from "../stack/artifacts.ts";
import type { RunningStack } from "../stack/running-stack.ts";
import { FaultError, orFaultError } from "./fault-error.ts";
import type { Servers } from "./fault-ports.ts";

/** Kafka's clean end takes two seconds, Cassandra's flush up to ten. */
const graceMs = 30_000;

export function serverRestarts(
  stack: Pick<RunningStack, "restart">,
  signal: AbortSignal,
): Servers["restart"] {
  return async (name, how) => {
    const server = serverNames.find((each) => each === name);
    if (server === undefined) throw new FaultError(`There is no server ${name} in this stack.`);
    return await orFaultError(`${name} was not started again`, signal, () =>
      stack.restart(server, { graceMs: how === "SIGKILL" ? 0 : graceMs, signal }),
    );
  };
}
