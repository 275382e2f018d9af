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
  /**
   * One stage more, of a job that was not there from the beginning; `before`: in front of that stage, which is to be
   * drained after it.
   */
  readonly add: (stage: Stage, before?: string) => void;
  readonly lagOf: (stage: Stage) => Promise<GroupLag>;
  /** By partition: the first offset of a topic that was written at that time or later; -1: none. */
  readonly offsetsAt: (topic: string, atMs: number) => Promise<readonly bigint[]>;
  /** When the newest record of a topic was written, epoch milliseconds; -1: it holds none. */
  readonly newestAt: (topic: string) => Promise<number>;
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
  async function offsets(topic: string, timestamp: bigint) {
    const partitions = Array.from({ length: scenario.topics.partitions }, (_, partitionIndex) => ({
      partitionIndex,
      timestamp,
    }));
    const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
    return (listed?.partitions ?? []).toSorted((a, b) => a.partitionIndex - b.partitionIndex);
  }

  return {
    stages,
    offsetsAt: async (topic, atMs) =>
      (await offsets(topic, BigInt(Math.floor(atMs)))).map(({ offset }) => offset),
    newestAt: async (topic) =>
      Math.max(-1, ...(await offsets(topic, newest)).map(({ timestamp }) => Number(timestamp))),
    add(stage, before) {
      const at = stages.findIndex((each) => each.stage === before);
      stages.splice(at < 0 ? stages.length : at, 0, stage);
    },
    lagOf,
    [Symbol.asyncDispose]: () => admin.close(),
  };
}

/** ListOffsets: the record with the highest timestamp. Source: KIP-734. */
const newest = -3n;

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
