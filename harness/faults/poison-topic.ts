/**
 * `poison`: a record that is no JSON comes into the aggregated topic, before both jobs. Each must do what its policy
 * says: skip this one record, or fail with the cause in its status and leave the other job alone. A job that has
 * failed is moved past the record by its operator, if the step says when. It has recovered when every job is past it.
 */
import type { RecordPlace } from "../facts/run-record.ts";
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { progressOn, within } from "./stage-recovery.ts";
import { seconds } from "./start-instance.ts";

type Outcome = { readonly told: string; readonly isPast: boolean };

export async function poisonTopic(
  step: { readonly target: string; readonly forMs?: number | undefined },
  ports: FaultPorts,
): Promise<Settling> {
  const { target, forMs } = step;
  const { clock, jobs } = ports;
  const endExpectation = jobs.expectFailures();
  const place = await ports.poison();
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  return {
    async report() {
      const outcomes = await Promise.all(
        jobs.targets.map((job) => watch(job, place, forMs, ports)),
      );
      const arePast = outcomes.every(({ isPast }) => isPast);
      // A job that stays where it failed goes on failing, as the scenario wants it.
      if (arePast) endExpectation();
      const recoveredMs = arePast ? clock.monotonicMs() - beganMs : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const where = `a record that is no JSON came into partition ${place.partition} at offset ${place.offset}`;
      const effect = [where, ...outcomes.map(({ told }) => told)].join("; ");
      return { kind: "poison", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}

async function watch(
  job: string,
  place: RecordPlace,
  forMs: number | undefined,
  ports: FaultPorts,
): Promise<Outcome> {
  const { clock, jobs, signal } = ports;
  let failure: string | undefined;
  const isPast = async (): Promise<boolean> => {
    const progress = await progressOn(job, [place.partition], ports);
    return (progress.get(place.partition)?.done ?? 0n) > BigInt(place.offset);
  };
  const came = await within(ports, async () => {
    if (await isPast()) return true;
    [failure] = await jobs.failures(job);
    return failure !== undefined;
  });
  if (!came) return { told: `${job} did not come to it`, isPast: false };
  if (failure === undefined) return { told: `${job} went past it`, isPast: true };
  if (forMs === undefined) return { told: failure, isPast: false };
  await clock.sleep(forMs, signal);
  await jobs.moveBehind(job, place);
  const past = await within(ports, isPast);
  const mended = `moved past it by its operator ${seconds(forMs)} later`;
  const told = `${failure}; ${job} was ${mended}${past ? "" : ", but did not go on"}`;
  return { told, isPast: past };
}
