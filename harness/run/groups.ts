/** The consumer groups of a run's stages: how far each is behind, asked for by all phases through one connection. */
import { Admin } from "@platformatic/kafka";
import { connectGroup, type RunNames } from "../../pipeline/contract/names.ts";
import { type GroupLag, readGroupLag } from "../observe/lag.ts";
import type { RunContext } from "./run-context.ts";

export type Stage = {
  /** As the report names it: `aggregator`, or the store. */
  readonly stage: string;
  /** Processes of this stage are `<processes>-<slot>`. */
  readonly processes: string;
  readonly group: string;
  readonly topic: string;
};

export type Groups = AsyncDisposable & {
  /** In the order in which readings pass them; jobs side by side. It grows by `add`: ask again. */
  readonly stages: readonly Stage[];
  /** One stage more, of a job that was not there from the beginning. */
  readonly add: (stage: Stage) => void;
  readonly lagOf: (stage: Stage) => Promise<GroupLag>;
};

export function openGroups(
  context: Pick<RunContext, "names" | "jobs" | "stack" | "scenario">,
): Groups {
  const { names, jobs, stack, scenario } = context;
  const admin = new Admin({ clientId: "fleetproof", bootstrapBrokers: [stack.kafka.bootstrap] });
  const stages: Stage[] = [
    {
      stage: "aggregator",
      processes: "aggregator",
      group: names.aggregatorGroup,
      topic: names.topics.raw,
    },
    ...jobs.map(({ store, name }) => jobStage(names, { stage: store, name })),
  ];
  const lagOf = ({ group, topic }: Stage): Promise<GroupLag> =>
    readGroupLag(admin, group, [{ name: topic, partitions: scenario.topics.partitions }]);
  return {
    stages,
    add: (stage) => void stages.push(stage),
    lagOf,
    [Symbol.asyncDispose]: () => admin.close(),
  };
}

/** A persisting job as a stage; `name`: the job's, with the run's id filled in. */
export function jobStage(
  { topics }: Pick<RunNames, "topics">,
  { stage, name }: { readonly stage: string; readonly name: string },
): Stage {
  return {
    stage,
    processes: `job-${stage}`,
    group: connectGroup(name),
    topic: topics.aggregated,
  };
}
