/**
 * `poison`: a record that nobody can read comes into a topic. In the aggregated topic it is before both jobs: each must
 * do what its policy says, skip this one record, or fail with the cause in its status and leave the other job alone. A
 * job that has failed is moved past the record by its operator, if the step says when. In the raw topic it is before the
 * aggregator, which must reject it. It has recovered when everybody is past it.
 */
import type { RecordPlace } from "../facts/run-record.ts";
import type { FaultPorts, Settling } from "./fault-ports.ts";
import { describeForm, type PoisonForm } from "./poison-forms.ts";
import { progressOn, within } from "./stage-recovery.ts";
import { seconds } from "./start-instance.ts";

type Outcome = { readonly told: string; readonly isPast: boolean };

export async function poisonTopic(
  step: {
    readonly target: string;
    readonly forMs?: number | undefined;
    readonly as?: string | undefined;
  },
  ports: FaultPorts,
): Promise<Settling> {
  const { target, forMs } = step;
  const { clock, jobs } = ports;
  const form = (step.as ?? "not-json") as PoisonForm;
  const endExpectation = target === "aggregated" ? jobs.expectFailures() : () => undefined;
  const place = await ports.poison(target, form);
  const atMs = ports.sinceLoadMs();
  const beganMs = clock.monotonicMs();
  return {
    async report() {
      const outcomes =
        target === "aggregated"
          ? await Promise.all(jobs.targets.map((job) => watchJob(job, place, forMs, ports)))
          : [await watchStage("aggregator", place, ports)];
      const arePast = outcomes.every(({ isPast }) => isPast);
      // A job that stays where it failed goes on failing, as the scenario wants it.
      if (arePast) endExpectation();
      const recoveredMs = arePast ? clock.monotonicMs() - beganMs : null;
      const untilMs = recoveredMs === null ? null : atMs + recoveredMs;
      const { partition, offset } = place;
      const where = `${describeForm(form)} came into partition ${partition} at offset ${offset}`;
      const effect = [where, ...outcomes.map(({ told }) => told)].join("; ");
      return { kind: "poison", target, atMs, untilMs, effect, recoveredMs };
    },
  };
}

/** Whether what the stage has committed lies behind the record. */
export async function isPastRecord(
  stage: string,
  { partition, offset }: RecordPlace,
  ports: FaultPorts,
): Promise<boolean> {
  const progress = await progressOn(stage, [partition], ports);
  return (progress.get(partition)?.done ?? 0n) > BigInt(offset);
}

/** A stage that has no policy for it: it goes past it, or it does not. */
async function watchStage(stage: string, place: RecordPlace, ports: FaultPorts): Promise<Outcome> {
  const isPast = await within(ports, () => isPastRecord(stage, place, ports));
  return { told: `${stage} ${isPast ? "went past it" : "did not come past it"}`, isPast };
}

async function watchJob(
  job: string,
  place: RecordPlace,
  forMs: number | undefined,
  ports: FaultPorts,
): Promise<Outcome> {
  const { clock, jobs, signal } = ports;
  let failure: string | undefined;
  const isPast = (): Promise<boolean> => isPastRecord(job, place, ports);
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
