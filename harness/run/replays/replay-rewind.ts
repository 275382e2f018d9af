/** Plays `rewind` with the parts of a run: which processes, which groups, which stores. */
import { connectGroup } from "../../../pipeline/contract/names.ts";
import type { ReplayRecord } from "../../facts/run-record.ts";
import type { NumberedStep } from "../../replay/numbered-steps.ts";
import { rewindGroup } from "../../replay/rewind.ts";
import {
  type BegunRewind,
  beginRewind,
  endRewind,
  type RewindPorts,
} from "../../replay/rewind-step.ts";
import type { StoreName } from "../../scenario/scenario.ts";
import { jobStage } from "../groups.ts";
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
  const begun = await held(context, parts, () => beginRewind(ports, scans));
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

/** Faults and replays take turns on a process. */
function held<T>(context: RunContext, parts: ReplayParts, work: () => Promise<T>): Promise<T> {
  return parts.hold(instancesOfRun(context, parts), work);
}

function instancesOfRun({ jobs, scenario }: RunContext, { slots }: ReplayParts): readonly string[] {
  const stores = jobs.map(({ store }) => store);
  return instancesOf(stores, slots, scenario.faults);
}

function portsOf(context: RunContext, parts: ReplayParts): RewindPorts {
  const { jobs, names, stack, scenario, clock, signal } = context;
  const { groups, slots, status, troubles } = parts;
  const jobOf = (store: StoreName): RunContext["jobs"][number] =>
    jobs.find((job) => job.store === store)!;
  return {
    stores: jobs.map(({ store }) => store),
    async stop() {
      const running = instancesOfRun(context, parts).filter(slots.isRunning);
      await Promise.all(running.map(slots.stop));
      return running;
    },
    async startAgain(instances) {
      signal.throwIfAborted();
      await Promise.all(instances.map(slots.restart));
    },
    log: (store) => replayedLog(groups, jobStage(names, { stage: store, name: jobOf(store).name })),
    rewind: (store) =>
      rewindGroup({
        bootstrap: stack.kafka.bootstrap,
        group: connectGroup(jobOf(store).name),
        topic: names.topics.aggregated,
        partitions: scenario.topics.partitions,
        clock,
        signal,
      }),
    evidence: () => evidenceOfStores(context),
    scan: () => scanStores(context, troubles, (rows) => status.stage("rows read", { total: rows })),
  };
}
