/**
 * Plays `re-produce`: the raw readings are sent again, into a topic of their own, and a pipeline of its own makes
 * aggregates and stores of them. The final revisions must be those of the first pipeline, and its stores equal.
 */
import type { RunNames } from "../../../pipeline/contract/names.ts";
import type { ReplayRecord } from "../../facts/run-record.ts";
import { readAggregated } from "../../observe/read-aggregated.ts";
import { finalsRecord } from "../../replay/finals-record.ts";
import { jobOfNewStore } from "../../replay/new-store-names.ts";
import { type BegunNewStore, beginNewStore, endNewStore } from "../../replay/new-store-step.ts";
import type { NumberedStep } from "../../replay/numbered-steps.ts";
import { type Reproduced, type Reproduction, startReproduction } from "../../replay/re-produce.ts";
import { refuseCut } from "../../replay/refuse-cut.ts";
import { ReplayError } from "../../replay/replay-error.ts";
import { countInBuckets } from "../../replay/replayed-log.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Stage } from "../groups.ts";
import type { RunContext } from "../run-context.ts";
import { heldIn } from "../store-scans.ts";
import { newStorePorts } from "./replay-new-store.ts";
import { drainReplay, type ReplayParts, rawLog } from "./replay-parts.ts";
import { ownAggregates } from "./replay-re-aggregate.ts";
import type { Scans } from "./replay-sequence.ts";
import {
  makeSecondTopics,
  startSecondAggregator,
  stopSecondAggregator,
} from "./second-pipeline.ts";

type ReProduce = Extract<NumberedStep, { kind: "re-produce" }>;

export type BegunReProduce = {
  readonly names: RunNames;
  readonly stage: Stage;
  readonly stores: BegunNewStore;
  readonly reproduction: Reproduction;
};

/** A speed is held when so much of it is. */
const speedShare = 0.9;
/** More would be memory for nothing: a block need not be longer than what the network mixes up. */
const blockMax = 4_096;

export async function reProduceAtRest(
  step: ReProduce,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const begun = await beginReProduce(step, context, parts);
  return endReProduce(begun, step, context, parts, scans);
}

export async function beginReProduce(
  step: ReProduce,
  context: RunContext,
  parts: ReplayParts,
): Promise<BegunReProduce> {
  const { scenario, stack, plan, clock, signal } = context;
  const { raw } = context.names.topics;
  refuseCut(await rawLog(parts), raw, "the readings that it lacks cannot be sent again");
  parts.status.say(`replay (${step.mode}): the readings are sent again, to a second pipeline`);
  const names = await makeSecondTopics(step, ["raw", "aggregated"], context);
  const stage = await startSecondAggregator(step, names, context, parts);
  const stores = await beginNewStore(newStorePorts(step, context, parts, names));
  const { speed } = step;
  const reproduction = await startReproduction({
    bootstrap: stack.kafka.bootstrap,
    from: raw,
    to: names.topics.raw,
    partitions: scenario.topics.partitions,
    blockSize: step.order === "same" ? 1 : blockSize(scenario),
    seed: scenario.seed,
    // The closing readings, which end the windows of the load's last ones.
    isFixed: (key) => plan.deviceOf(key, 0, key.length) >= plan.fleetDevices,
    perSecond: speed === undefined ? undefined : speed * scenario.load.ratePerSecond,
    clock,
    signal,
  });
  return { names, stage, stores, reproduction };
}

/** `scans`: what the old stores show after the final drain. */
export async function endReProduce(
  begun: BegunReProduce,
  step: ReProduce,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const { names, stage, stores, reproduction } = begun;
  const { plan, folder, stack, clock, signal, jobs } = context;
  const { bootstrap } = stack.kafka;
  await using sending = reproduction;
  const sent = await sending.finish();
  const perSecond = (1_000 * sent.records) / Math.max(1, sent.tookMs);
  parts.status.say(
    `replay (${step.mode}): ${sent.records} readings sent again, ${Math.round(perSecond)}/s`,
  );
  refuseSlow(step, perSecond, sent, context.scenario);
  const stages = [stage.stage, ...jobs.map(({ store }) => jobOfNewStore(store, step.nth))];
  const undrained = "the second pipeline did not come to the end";
  const { mode } = step;
  if (!(await drainReplay(context, parts, stages, { mode, undrained }))) return [];
  await stopSecondAggregator(step, parts);
  const topic = names.topics.aggregated;
  const asked = { bootstrap, topic, plan, folder: heldIn(context), clock, signal };
  const again = await readAggregated(asked);
  const own = await ownAggregates(folder.factsFolder, parts);
  const raw = await rawLog(parts);
  const { raw: read } = context.names.topics;
  const finals = finalsRecord({ step, topic: read, raw, own, again, nameOf: plan.deviceId });
  const ports = newStorePorts(step, context, parts, names);
  const count = countInBuckets(again.buckets, (bucket) => again.read(bucket).table);
  const records = await endNewStore(stores, ports, { step, old: scans, count });
  return [{ ...finals, perSecond }, ...records];
}

/**
 * Only at rest: under load the readings come no faster than the fleet sends them. Errors: `ReplayError`; what did not
 * take place as it was asked for proves nothing.
 */
function refuseSlow(
  { atMs, speed }: ReProduce,
  perSecond: number,
  { records }: Reproduced,
  { load }: Scenario,
): void {
  if (speed === undefined || atMs !== undefined) return;
  const asked = speed * load.ratePerSecond;
  if (perSecond >= asked * speedShare) return;
  const message = `${records} readings could be sent again at ${Math.round(perSecond)}/s only, not at ${Math.round(asked)}/s`;
  throw new ReplayError("refused", message);
}

/**
 * Readings of a partition within half of what lies between the first emission of a window and its end: displaced by
 * less than that in event time, none that was in time before becomes late.
 */
function blockSize({ fleet, window, topics }: Scenario): number {
  const perEventMs = fleet.devices / topics.partitions / fleet.everyMs;
  const spanMs = Math.min(window.graceMs, (window.retentionMs - window.graceMs) / 2);
  return Math.max(2, Math.min(blockMax, Math.floor(perEventMs * spanMs)));
}
