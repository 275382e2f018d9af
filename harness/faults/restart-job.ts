/** `restart`: all tasks of a job, by REST. It has its effect when every member of its group is a new one. */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { progressOn, untilMoved, within } from "./stage-recovery.ts";
import { count, seconds } from "./start-instance.ts";

export async function restartJob(target: string, ports: FaultPorts): Promise<Settling> {
  const { clock, jobs } = ports;
  const old = (await ports.membersOf(target)).map(({ id }) => id);
  const before = await progressOn(target, undefined, ports);
  const atMs = ports.sinceLoadMs();
  const askedMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - askedMs;
  await jobs.restart(target);
  let anew = 0;
  const areNew = await within(ports, async () => {
    const members = await ports.membersOf(target);
    anew = members.filter(({ id }) => !old.includes(id)).length;
    return anew > 0 && anew === members.length;
  });
  const tookMs = sinceMs();
  return {
    async report() {
      const moved = areNew && (await untilMoved(target, before, ports));
      const recoveredMs = moved ? sinceMs() : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const effect = areNew
        ? `${count(anew, "task")} left the group and joined anew within ${seconds(tookMs)}`
        : null;
      return { kind: "restart", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}
