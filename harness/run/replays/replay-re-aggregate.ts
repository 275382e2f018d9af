/**
 * Plays `re-aggregate`: a second aggregator, of a group of its own, reads the raw topic from its first record. Into a
 * fresh topic its final revisions must be those of the first; into `temperatures.aggregated` itself the stores, which
 * are written everything once more, must stay as they are.
 */

import type { RunNames } from "../../../pipeline/contract/names.ts";
import type { AggregatedBuckets } from "../../facts/aggregated-rows.ts";
import type { ReplayRecord } from "../../facts/run-record.ts";
import { splitWriters } from "../../facts/split-writers.ts";
import { openAggregated } from "../../facts/topic-files.ts";
import { readAggregated } from "../../observe/read-aggregated.ts";
import { finalsRecord } from "../../replay/finals-record.ts";
import type { NumberedStep } from "../../replay/numbered-steps.ts";
import { refuseCut } from "../../replay/refuse-cut.ts";
import {
  type BegunRewind,
  beginRewind,
  endRewind,
  type RewindPorts,
} from "../../replay/rewind-step.ts";
import type { Stage } from "../groups.ts";
import type { RunContext } from "../run-context.ts";
import { heldIn } from "../store-scans.ts";
import { drainReplay, held, type ReplayParts, rawLog, replayedLog } from "./replay-parts.ts";
import type { Scans } from "./replay-sequence.ts";
import { rewindPorts } from "./rewind-ports.ts";
import {
  makeSecondTopics,
  producerOfSecond,
  startSecondAggregator,
  stopSecondAggregator,
} from "./second-pipeline.ts";

type ReAggregate = Extract<NumberedStep, { kind: "re-aggregate" }>;

export type BegunReAggregate = {
  readonly names: RunNames;
  readonly stage: Stage;
  /** Of one that writes into the run's own topic. */
  readonly second: { readonly producerId: number; readonly stores: BegunRewind } | undefined;
};

export async function reAggregateAtRest(
  step: ReAggregate,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const begun = await beginReAggregate(step, context, parts, scans);
  const jobs = begun.second === undefined ? [] : context.jobs.map(({ store }) => store);
  const stages = [begun.stage.stage, ...jobs];
  const undrained = "the second aggregator, or the jobs behind it, did not come to the end";
  const { mode } = step;
  if (!(await drainReplay(context, parts, stages, { mode, undrained }))) return [];
  return endReAggregate(begun, step, context, parts, await portsOf(begun, context, parts).scan());
}

/** `scans`: what the stores show, where nothing has been written since. */
export async function beginReAggregate(
  step: ReAggregate,
  context: RunContext,
  parts: ReplayParts,
  scans?: Scans,
): Promise<BegunReAggregate> {
  const isFresh = step.into === "fresh";
  const { raw, aggregated } = context.names.topics;
  refuseCut(await rawLog(parts), raw, "the readings that it lacks cannot be aggregated again");
  parts.status.say(`replay (${step.mode}): a second aggregator reads the raw topic`);
  const names = await makeSecondTopics(step, isFresh ? ["aggregated"] : [], context);
  if (isFresh) {
    const stage = await startSecondAggregator(step, names, context, parts);
    return { names, stage, second: undefined };
  }
  const stores = context.jobs.map(({ store }) => store);
  const ports = portsOf(undefined, context, parts);
  for (const store of stores) {
    refuseCut(await ports.log(store), aggregated, "the two aggregators could not be told apart");
  }
  const before = await held(context, parts, stores, () => beginRewind(ports, scans));
  const stage = await startSecondAggregator(step, names, context, parts);
  const producerId = await producerOfSecond(names, context);
  parts.secondWriters.push(producerId);
  return { names, stage, second: { producerId, stores: before } };
}

/** When the second aggregator and the jobs have come to the end. `scans`: what the stores show then. */
export async function endReAggregate(
  begun: BegunReAggregate,
  step: ReAggregate,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const { names, stage, second } = begun;
  const { plan, folder, stack, clock, signal } = context;
  await stopSecondAggregator(step, parts);
  const { bootstrap } = stack.kafka;
  const { raw, aggregated: topic } = names.topics;
  const asked = { bootstrap, topic, plan, folder: heldIn(context), clock, signal };
  const seen = await readAggregated(asked);
  const again = second === undefined ? seen : writtenBy(seen, second.producerId);
  const log = await replayedLog(parts.groups, stage);
  const own = await ownAggregates(folder.factsFolder, parts);
  const finals = finalsRecord({ step, topic: raw, raw: log, own, again, nameOf: plan.deviceId });
  if (second === undefined) return [finals];
  const ports = portsOf(begun, context, parts);
  const count = { records: () => finals.writesSeen, leastWrites: () => undefined };
  return [finals, ...(await endRewind(second.stores, ports, { step, after: scans, count }))];
}

/** What the run's own aggregator has published, as the observer put it on file. */
export async function ownAggregates(
  folder: string,
  { secondWriters }: Pick<ReplayParts, "secondWriters">,
): Promise<AggregatedBuckets> {
  const { buckets, read } = await openAggregated(folder);
  const others = new Set(secondWriters);
  return { buckets, read: (bucket) => splitWriters(read(bucket), others).own };
}

function writtenBy({ buckets, read }: AggregatedBuckets, producerId: number): AggregatedBuckets {
  const only = new Set([producerId]);
  return { buckets, read: (bucket) => splitWriters(read(bucket), only).again };
}

/** The jobs are stopped for the look at the stores, and go on where they were. */
function portsOf(
  begun: BegunReAggregate | undefined,
  context: RunContext,
  parts: ReplayParts,
): RewindPorts {
  const ports = { ...rewindPorts(context.jobs, context, parts), rewind: async () => undefined };
  if (begun === undefined) return ports;
  return { ...ports, log: () => replayedLog(parts.groups, begun.stage) };
}
