/** Starts everything that a run needs beside its servers: topics, jobs, observer, fleet. All side by side. */
import type { FirstRevisions } from "../observe/start-observer-protocol.ts";
import { type Fleet, startFleet } from "./fleet/fleet.ts";
import type { LinkPorts } from "./links.ts";
import { type Observer, startObserver } from "./observer.ts";
import {
  aggregatorSlot,
  bootstrapFor,
  jobSlot,
  type PipelineOptions,
  spanOf,
} from "./pipeline-slots.ts";
import type { ProcessSlots } from "./process-slots.ts";
import type { RunContext } from "./run-context.ts";
import { createRunTopics } from "./topics.ts";

/** The jobs' clock begins here: about when the load will. Only expiry and retirement look at it. */
const startsInMs = 4_000;

export type StartedParts = {
  readonly fleet: Fleet;
  readonly observer: Observer;
  readonly span: number;
  /** How further instances of the jobs are started. */
  readonly pipeline: PipelineOptions;
};

export async function startParts(
  context: RunContext,
  slots: ProcessSlots,
  links: LinkPorts,
  onFirstRevisions: (revisions: readonly FirstRevisions[]) => void,
): Promise<StartedParts> {
  const { run, names, scenario, planOptions, jobs, folder, stack, clock, signal } = context;
  const { bootstrap } = stack.kafka;
  const { hot, everyMs } = scenario.fleet;
  const span = spanOf(scenario.window.sizeMs / (hot?.everyMs ?? everyMs));
  const { partitions } = scenario.topics;
  await createRunTopics({ bootstrap, names, partitions, clock, signal });
  const pipeline: PipelineOptions = {
    run,
    names,
    scenario,
    folder,
    stack,
    links,
    originMs: clock.now() + startsInMs,
  };
  const [fleet, observer] = await Promise.all([
    startFleet({
      scenario,
      plan: planOptions,
      bootstrap: bootstrapFor("simulator", pipeline),
      topic: names.topics.raw,
      folder,
      slots,
    }),
    startObserver({
      bootstrap,
      plan: planOptions,
      topics: names.topics,
      span,
      folder,
      slots,
      onFirstRevisions,
    }),
    slots.start(aggregatorSlot(pipeline, 0)),
    ...jobs.flatMap((job) =>
      Array.from({ length: job.workers }, (_, slot) => slots.start(jobSlot(pipeline, job, slot))),
    ),
  ]);
  return { fleet, observer, span, pipeline };
}
