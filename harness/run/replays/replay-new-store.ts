/** Plays `new-store` with the parts of a run: the derived jobs, their groups, their index and table. */
import type { RunNames } from "../../../pipeline/contract/names.ts";
import type { ReplayRecord } from "../../facts/run-record.ts";
import { newStoreConfig, readingFrom } from "../../replay/new-store-config.ts";
import { jobOfNewStore, targetOfNewStore } from "../../replay/new-store-names.ts";
import {
  type BegunNewStore,
  beginNewStore,
  endNewStore,
  type NewStorePorts,
} from "../../replay/new-store-step.ts";
import type { NumberedStep } from "../../replay/numbered-steps.ts";
import { ReplayError } from "../../replay/replay-error.ts";
import { jobFileOf } from "../../scenario/job-file.ts";
import type { StoreName } from "../../scenario/scenario.ts";
import { jobStage, type Stage } from "../groups.ts";
import { connectSlot } from "../pipeline-slots.ts";
import type { SlotSpec } from "../process-slots.ts";
import type { RunContext, RunJob } from "../run-context.ts";
import { scanStores } from "../store-scans.ts";
import { evidenceOfStores } from "../stores.ts";
import { drainReplay, logCount, type ReplayParts, replayedLog } from "./replay-parts.ts";
import type { Scans } from "./replay-sequence.ts";

/** New jobs that do not come to the end are a trouble, and there is nothing to compare. */
export async function newStoreAtRest(
  step: NumberedStep,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const begun = await beginNewStore(newStorePorts(step, context, parts));
  const stages = context.jobs.map(({ store }) => jobOfNewStore(store, step.nth));
  const undrained = "the new jobs did not come to the end of the topic";
  const { mode } = step;
  const drained = await drainReplay(context, parts, stages, { mode, undrained });
  return drained ? endNewStoreOf(begun, step, context, parts, scans) : [];
}

/** The new jobs go on to the final drain; what they came to is asked by `endNewStoreOf`. */
export function beginNewStoreUnderLoad(
  step: NumberedStep,
  context: RunContext,
  parts: ReplayParts,
): Promise<BegunNewStore> {
  parts.status.say(`replay (${step.mode}): new jobs fill a new index and a new table`);
  return beginNewStore(newStorePorts(step, context, parts));
}

/** `scans`: what the old stores show after the final drain, which the new jobs were part of. */
export async function endNewStoreOf(
  begun: BegunNewStore,
  step: NumberedStep,
  context: RunContext,
  parts: ReplayParts,
  scans: Scans,
): Promise<readonly ReplayRecord[]> {
  const count = await logCount(context);
  return endNewStore(begun, newStorePorts(step, context, parts), { step, old: scans, count });
}

/** `source`: whose aggregates the new jobs read; the run's own, unless said. */
export function newStorePorts(
  step: NumberedStep,
  context: RunContext,
  parts: ReplayParts,
  source: RunNames = context.names,
): NewStorePorts {
  const { run, jobs, names } = context;
  const { groups, slots, status, troubles } = parts;
  const target = targetOfNewStore(names, run, step.nth);
  const jobOf = (store: StoreName): RunJob => jobs.find((job) => job.store === store)!;
  const stageOf = (store: StoreName): Stage =>
    jobStage(source, {
      stage: jobOfNewStore(store, step.nth),
      name: jobOfNewStore(jobOf(store).name, step.nth),
    });
  return {
    stores: jobs.map(({ store }) => store),
    async start(store) {
      await slots.start(newJobSlot(step, jobOf(store), context, parts, source));
      groups.add(stageOf(store));
    },
    stop: (store) => slots.stop(processOf(store, step)),
    log: (store) => replayedLog(groups, stageOf(store)),
    evidence: () => evidenceOfStores(context, target),
    scan: () =>
      scanStores(context, troubles, (rows) => status.stage("rows read", { total: rows }), target),
  };
}

/** Of the new job's only instance, as the report names it. */
function processOf(store: StoreName, { nth }: NumberedStep): string {
  return `job-${jobOfNewStore(store, nth)}-0`;
}

/** Errors: `ReplayError` when no new config follows from the job's; the run's validation has asked before. */
function newJobSlot(
  step: NumberedStep,
  job: RunJob,
  { folder, names, run }: RunContext,
  { pipeline }: ReplayParts,
  source: RunNames,
): SlotSpec {
  const [from, to] = [names, source].map(({ topics }) => inConfig(topics.aggregated, run));
  const read = from === to ? jobFileOf(job) : readingFrom(jobFileOf(job), from!, to!);
  const derived = newStoreConfig(read, step.nth);
  if (!derived.ok) throw new ReplayError("refused", `${job.file} ${derived.problem}`);
  const config = `job-${jobOfNewStore(job.store, step.nth)}.json`;
  const file = folder.writeConfig(config, derived.config);
  return connectSlot(pipeline, { name: processOf(job.store, step), file, slot: 0 });
}

/** A name as a job's config writes it. */
function inConfig(name: string, run: string): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the config writes it.
  return name.replace(run, "${run}");
}
