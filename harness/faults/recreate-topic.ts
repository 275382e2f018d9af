/**
 * `recreate`: the topic is deleted and made anew under its name, while it is written and read. What it held is gone, and
 * its offsets begin at 0 again: whoever goes on from an offset of the old one skips what is new, or is refused.
 */
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { count, seconds } from "./start-instance.ts";

/** How long whoever has an error with it may take to show it. */
const watchForMs = 10_000;

export async function recreateTopic(
  { target }: { readonly target: string },
  ports: FaultPorts,
): Promise<Settling> {
  const { topics, jobs, clock, signal } = ports;
  const endExpectation = jobs.expectFailures();
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  const before = sum(await topics.ends(target));
  await topics.recreate(target);
  const tookMs = clock.monotonicMs() - beganMs;
  const after = sum(await topics.ends(target));
  return {
    async report() {
      await clock.sleep(watchForMs, signal);
      const failed = await Promise.all(jobs.targets.map((job) => jobs.failures(job)));
      const failures = failed.flat();
      if (failures.length === 0) endExpectation();
      const told = failures.length === 0 ? "no task failed" : failures.join("; ");
      const anew = `${target} was deleted and made anew within ${seconds(tookMs)}`;
      const gone = `${count(Number(before), "offset")} of the old one are gone`;
      const effect = after < before ? `${anew}: ${gone}; ${told}` : null;
      const untilMs = atMs + tookMs;
      return { kind: "recreate", target, atMs, untilMs, effect, recoveredMs: null };
    },
  };
}

function sum(ends: ReadonlyMap<number, bigint>): bigint {
  return [...ends.values()].reduce((all, end) => all + end, 0n);
}
