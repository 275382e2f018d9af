/** `start`: one instance more. It has its effect when the group has given it partitions of others. */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { partitionsOf, within } from "./stage-recovery.ts";

export async function startInstance(target: string, ports: FaultPorts): Promise<Settling> {
  const { instances, clock } = ports;
  const atMs = ports.sinceLoadMs();
  const startedMs = clock.monotonicMs();
  const up = await instances.start(target);
  const readyMs = clock.monotonicMs() - startedMs;
  const ready = `${target} was ready after ${seconds(readyMs)}`;
  return {
    async report() {
      let given: readonly number[] | undefined;
      const look = async (): Promise<boolean> => {
        given = await partitionsOf(target, ports);
        return given !== undefined;
      };
      const takesPart = up && (await within(ports, look));
      const recoveredMs = takesPart ? clock.monotonicMs() - startedMs : null;
      const share =
        given === undefined
          ? "but its group gave it no partitions"
          : `its group gave it ${count(given.length, "partition")}`;
      const effect = up ? `${ready}, ${share}` : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      return { kind: "start", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}

/** `13.2 s` */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
