/**
 * `restart` and `kill` of a server: SIGTERM or SIGKILL, then the same command line with the same ports and data, until it
 * answers. Requests under way end with no answer; a broker has groups, transactions and producers to find again. It has
 * recovered when every stage that works with it has gone on with each of its partitions.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { allMoved, progressOfAll, stagesAt } from "./server-stages.ts";
import { seconds } from "./start-instance.ts";

export async function endServer(
  { kind, target }: { readonly kind: "kill" | "restart"; readonly target: string },
  ports: FaultPorts,
): Promise<Settling> {
  const { servers, clock } = ports;
  const stages = stagesAt(target, ports);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - beganMs;
  const { endedMs, answeredMs } = await servers.restart(
    target,
    kind === "kill" ? "SIGKILL" : "SIGTERM",
  );
  const before = await progressOfAll(stages, ports);
  return {
    async report() {
      const moved = await allMoved(before, ports);
      const recoveredMs = moved ? sinceMs() : null;
      const ended = kind === "kill" ? "killed" : `ended by SIGTERM within ${seconds(endedMs)}`;
      const again = `started again with its data, it answered after ${seconds(answeredMs)}`;
      const wentOn = `${stages.join(", ")} ${moved ? "went on" : "did not all go on"}`;
      const effect = `${target} was ${ended}; ${again}; ${wentOn}`;
      const untilMs = atMs + endedMs + answeredMs;
      return { kind, target, atMs, untilMs, effect, recoveredMs };
    },
  };
}
