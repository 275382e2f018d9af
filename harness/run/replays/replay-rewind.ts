/** Plays `rewind` with the parts of a run: which processes, which groups, which stores. */
import type { ReplayRecord } from "../../facts/run-record.ts";
import type { NumberedStep } from "../../replay/numbered-steps.ts";
import {
  type BegunRewind,
  beginRewind,
  endRewind,
  type RewindPorts,
} from "../../replay/rewind-step.ts";
import type { StoreName } from "../../scenario/scenario.ts";
import { printDuration } from "../../scenario/units.ts";
import { jobStage } from "../groups.ts";
import { instanceSlot } from "../pipeline-slots.ts";
import type { RunContext } from "../run-context.ts";
import { evidenceOfStores, scanStores } from "../stores.ts";
import { instancesOf } from "./replay-instances.ts";
import { drainReplay, type ReplayParts, recordCounter, replayedLog } from "./replay-parts.ts";
import type { Scans } from "./replay-sequence.ts";

/** Jobs that do not come to the end again are a trouble: then nobody knows what the replay did. */
export async function rewindAtRest(
  step: NumberedStep,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const ports = portsOf(context, parts);
  const { clockAheadMs } = step;
  const begun = await held(context, parts, async () => {
    if (clockAheadMs !== undefined) await moveClock(clockAheadMs, context, parts);
    return beginRewind(ports, scans);
  });
  await drainReplay(
    context,
    parts,
    ports.stores,
    `the replay (${step.mode}): the jobs, once more,`,
  );
  const after = await ports.scan();
  return endRewind(begun, ports, { step, after, recordsIn: await recordCounter(context) });
}

/** Until the jobs read again; what they came to is asked by `endRewindUnderLoad`, after the final drain. */
export async function beginRewindUnderLoad(
  step: NumberedStep,
  context: RunContext,
  parts: ReplayParts,
): Promise<BegunRewind> {
  const ports = portsOf(context, parts);
  parts.status.say(`replay (${step.mode}): the jobs are stopped, the stores read as they are`);
  const begun = await held(context, parts, () => beginRewind(ports));
  const rows = [...begun.before.values()].reduce((sum, { count }) => sum + count, 0);
  parts.status.say(`replay (${step.mode}): ${rows} rows are kept; the jobs read everything again`);
  return begun;
}

/** `scans`: what the stores show after the final drain. */
export async function endRewindUnderLoad(
  begun: BegunRewind,
  step: NumberedStep,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const recordsIn = await recordCounter(context);
  return endRewind(begun, portsOf(context, parts), { step, after: scans, recordsIn });
}

/** The workers' clock is theirs from their start: all of them begin anew, so much later. */
async function moveClock(
  clockAheadMs: number,
  context: RunContext,
  parts: ReplayParts,
): Promise<void> {
  const { slots, status } = parts;
  const pipeline = { ...parts.pipeline, clockAheadMs };
  status.say(`the jobs are started again with their clock ${printDuration(clockAheadMs)} later`);
  const running = instancesOfRun(context, parts).filter(slots.isRunning);
  await Promise.all(running.map(slots.stop));
  await Promise.all(running.map((name) => slots.start(instanceSlot(pipeline, name))));
}

/** Faults and replays take turns on a process. */
function held<T>(context: RunContext, parts: ReplayParts, work: () => Promise<T>): Promise<T> {
  return parts.hold(instancesOfRun(context, parts), work);
}

function instancesOfRun({ jobs, scenario }: RunContext, { slots }: ReplayParts): readonly string[] {
  const stores = jobs.map(({ store }) => store);
  return instancesOf(stores, slots, scenario.faults);
}

function portsOf(context: RunContext, parts: ReplayParts): RewindPorts {
  const { jobs, names } = context;
  const { groups, rest, status, troubles } = parts;
  const jobOf = (store: StoreName): RunContext["jobs"][number] =>
    jobs.find((job) => job.store === store)!;
  return {
    stores: jobs.map(({ store }) => store),
    stop: (store) => rest.stop(jobOf(store).name),
    resume: (store) => rest.resume(jobOf(store).name),
    log: (store) => replayedLog(groups, jobStage(names, { stage: store, name: jobOf(store).name })),
    rewind: (store) => rest.resetOffsets(jobOf(store).name),
    evidence: () => evidenceOfStores(context),
    scan: () => scanStores(context, troubles, (rows) => status.stage("rows read", { total: rows })),
  };
}
