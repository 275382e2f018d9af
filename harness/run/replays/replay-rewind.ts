/** Plays `rewind` and `rebuild` with the parts of a run: which processes, which groups, which stores. */
import type { ReplayRecord } from "../../facts/run-record.ts";
import type { NumberedStep } from "../../replay/numbered-steps.ts";
import type { ReplayedLog } from "../../replay/replayed-log.ts";
import { reachedLog } from "../../replay/rewind-reach.ts";
import {
  type BegunRewind,
  beginRewind,
  endRewind,
  type RewindPorts,
} from "../../replay/rewind-step.ts";
import type { ReplayReach, StoreName } from "../../scenario/scenario.ts";
import type { RunContext } from "../run-context.ts";
import { wipeStore } from "../stores.ts";
import { DeadlineError, until } from "../until.ts";
import { moveClock, restartJobs } from "./replay-instances.ts";
import { drainReplay, held, logCount, type ReplayParts } from "./replay-parts.ts";
import type { Scans } from "./replay-sequence.ts";
import { rewindPorts } from "./rewind-ports.ts";

const filledWithinMs = 20_000;
const askEveryMs = 500;

export type RewindOrRebuild = Extract<NumberedStep, { kind: "rewind" | "rebuild" }>;

/** Of jobs that do not come to the end again nobody knows what the replay did. */
export async function rewindAtRest(
  step: RewindOrRebuild,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const ports = portsOf(step, context, parts);
  const begun = await begin(step, context, parts, (known) => beginRewind(ports, known), scans);
  const undrained = "the jobs did not come to the end of the topic once more";
  const { mode } = step;
  if (!(await drainReplay(context, parts, ports.stores, { mode, undrained }))) return [];
  const after = await ports.scan();
  return endRewind(begun, ports, { step, after, count: await logCount(context) });
}

/** Until the jobs read again; what they came to is asked by `endRewindUnderLoad`, after the final drain. */
export async function beginRewindUnderLoad(
  step: RewindOrRebuild,
  context: RunContext,
  parts: ReplayParts,
): Promise<BegunRewind> {
  const ports = portsOf(step, context, parts);
  await untilFilled(ports, context);
  parts.status.say(`replay (${step.mode}): the jobs are stopped, the stores read as they are`);
  const begun = await begin(step, context, parts, () => beginRewind(ports));
  const rows = [...begun.before.values()].reduce((sum, { count }) => sum + count, 0);
  parts.status.say(`replay (${step.mode}): ${rows} rows are kept; the jobs read everything again`);
  return begun;
}

/** `scans`: what the stores show after the final drain. */
export async function endRewindUnderLoad(
  begun: BegunRewind,
  step: RewindOrRebuild,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const count = await logCount(context);
  return endRewind(begun, portsOf(step, context, parts), { step, after: scans, count });
}

/** What kept nothing would prove nothing: on a slow machine the first rows may come later than the step's time. */
async function untilFilled(
  ports: Pick<RewindPorts, "evidence">,
  { clock, signal }: Pick<RunContext, "clock" | "signal">,
): Promise<void> {
  const wait = { withinMs: filledWithinMs, everyMs: askEveryMs, clock, signal };
  const isFilled = async (): Promise<boolean> =>
    [...(await ports.evidence()).values()].every(({ writes }) => writes > 0);
  await until(isFilled, { ...wait, sentence: () => "no rows came" }).catch((error: unknown) => {
    if (!(error instanceof DeadlineError)) throw error; // Then it is begun all the same, and judged.
  });
}

/** With what comes before it. Faults and replays take turns on a process. */
function begin(
  step: RewindOrRebuild,
  context: RunContext,
  parts: ReplayParts,
  work: (known: Scans | undefined) => Promise<BegunRewind>,
  scans?: Scans,
): Promise<BegunRewind> {
  const stores = storesOf(step, context);
  return held(context, parts, stores, async () => {
    if (step.kind === "rewind" && step.clockAheadMs !== undefined) {
      await moveClock(step.clockAheadMs, stores, context, parts);
    }
    if (step.kind === "rewind" && step.restart) await restartJobs(stores, context, parts);
    return work(scans);
  });
}

function storesOf(step: RewindOrRebuild, { jobs }: RunContext): readonly StoreName[] {
  const stores = jobs.map(({ store }) => store);
  return step.store === undefined ? stores : stores.filter((store) => store === step.store);
}

function portsOf(step: RewindOrRebuild, context: RunContext, parts: ReplayParts): RewindPorts {
  const stores = storesOf(step, context);
  const ports = rewindPorts(
    context.jobs.filter(({ store }) => stores.includes(store)),
    context,
    parts,
  );
  if (step.kind === "rebuild") return { ...ports, wipe: (store) => wipeStore(context, store) };
  const { reach } = step;
  if (reach === undefined) return ports;
  const { aggregated } = context.names.topics;
  return {
    ...ports,
    log: async (store) => reached(await ports.log(store), reach, aggregated, parts),
  };
}

async function reached(
  log: ReplayedLog,
  reach: ReplayReach,
  topic: string,
  { groups, timeline }: ReplayParts,
): Promise<ReplayedLog> {
  const { begin } = reach;
  if (begin === undefined || "offset" in begin) return reachedLog(log, reach, undefined);
  const atMs =
    "lastMs" in begin
      ? (await groups.newestAt(topic)) - begin.lastMs
      : timeline.originMs + begin.afterMs;
  return reachedLog(log, reach, await groups.offsetsAt(topic, atMs));
}
