/** The consumer groups of a run's stages: how far each is behind, asked for by all phases through one connection. */
import { Admin } from "@platformatic/kafka";
import { connectGroup } from "../../pipeline/contract/names.ts";
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
  /** In the order in which readings pass them; jobs side by side. */
  readonly stages: readonly Stage[];
  readonly lagOf: (stage: Stage) => Promise<GroupLag>;
  /** Sum of the offsets that the group of this process (`aggregator-0`, …) has committed. */
  readonly committedBy: (process: string) => Promise<bigint>;
};

export function openGroups(
  context: Pick<RunContext, "names" | "jobs" | "stack" | "scenario">,
): Groups {
  const { names, jobs, stack, scenario } = context;
  const admin = new Admin({ clientId: "fleetproof", bootstrapBrokers: [stack.kafka.bootstrap] });
  const stages: readonly Stage[] = [
    {
      stage: "aggregator",
      processes: "aggregator",
      group: names.aggregatorGroup,
      topic: names.topics.raw,
    },
    ...jobs.map(({ store, name }) => ({
      stage: store,
      processes: `job-${store}`,
      group: connectGroup(name),
      topic: names.topics.aggregated,
    })),
  ];
  const lagOf = ({ group, topic }: Stage): Promise<GroupLag> =>
    readGroupLag(admin, group, [{ name: topic, partitions: scenario.topics.partitions }]);
  return {
    stages,
    lagOf,
    async committedBy(process) {
      const stage = stages.find(({ processes }) => process.startsWith(`${processes}-`));
      if (stage === undefined) throw new Error(`The process ${process} has no consumer group.`);
      const { partitions } = await lagOf(stage);
      return partitions.reduce((sum, { committed }) => sum + (committed > 0n ? committed : 0n), 0n);
    },
    [Symbol.asyncDispose]: () => admin.close(),
  };
}
