/** What the replays of a run work with, and how one that fails for a reason of servers or jobs becomes a trouble. */
import type { ReplayStall } from "../../facts/run-record.ts";
import { openTopicFacts } from "../../facts/topic-files.ts";
import { ReplayError } from "../../replay/replay-error.ts";
import { countInBuckets, type LogCount, type ReplayedLog } from "../../replay/replayed-log.ts";
import type { StoreName } from "../../scenario/scenario.ts";
import { NotStartedError } from "../child.ts";
import { type DrainContext, drainStages } from "../drain-stages.ts";
import type { Groups, Stage } from "../groups.ts";
import type { JobRest } from "../job-rest.ts";
import type { LiveStatus } from "../live-status.ts";
import type { PipelineOptions } from "../pipeline-slots.ts";
import type { ProcessSlots } from "../process-slots.ts";
import type { RunContext } from "../run-context.ts";
import type { Timeline } from "../timeline.ts";
import type { Troubles } from "../troubles.ts";
import { JobRestError } from "../worker-requests.ts";
import { instancesOf } from "./replay-instances.ts";

export type ReplayParts = {
  readonly groups: Groups;
  readonly slots: ProcessSlots;
  readonly pipeline: PipelineOptions;
  readonly status: LiveStatus;
  readonly troubles: Troubles;
  readonly rest: JobRest;
  readonly timeline: Pick<Timeline, "originMs">;
  /** Producer ids of second aggregators that write into the run's own topic; grows as they begin. */
  readonly secondWriters: number[];
  /** Grows: what stood still, with work left, in a replay. */
  readonly stalls: ReplayStall[];
  /** Nobody else starts, stops or kills these processes while `work` is under way. */
  readonly hold: <T>(names: readonly string[], work: () => Promise<T>) => Promise<T>;
};

/** These are troubles of the run; any other error is one of ours. */
const kinds = [ReplayError, NotStartedError, JobRestError] as const;

/** The work's result; undefined when a trouble kept it from one. The trouble is then on the list. */
export function attemptReplay<T>(
  troubles: Troubles,
  mode: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const what = `the replay (${mode})`;
  const explained = async (): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!kinds.some((kind) => error instanceof kind)) throw error;
      troubles.note(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  };
  return troubles.attempt(what, explained, undefined);
}

/** Faults and replays take turns on the processes of these stores' jobs. */
export function held<T>(
  { scenario }: RunContext,
  { slots, hold }: ReplayParts,
  stores: readonly StoreName[],
  work: () => Promise<T>,
): Promise<T> {
  return hold(instancesOf(stores, slots, scenario.faults), work);
}

/**
 * Whether these stages came to the end of the topic. One that stood still is a stall of the replay; where one only was
 * too slow, or something had died, nobody knows what the replay did: `undrained` is a trouble.
 */
export async function drainReplay(
  context: DrainContext,
  parts: Pick<ReplayParts, "troubles" | "stalls"> & {
    readonly groups: Pick<Groups, "stages" | "lagOf">;
    readonly status: Pick<LiveStatus, "stage">;
  },
  stages: readonly string[],
  { mode, undrained }: { readonly mode: string; readonly undrained: string },
): Promise<boolean> {
  const { groups, status, troubles, stalls } = parts;
  const somethingDied = (): boolean => troubles.sentences.length > 0;
  const { kind, seen } = await drainStages(context, groups, status, { somethingDied, stages });
  if (kind === "drained") return true;
  const last = seen?.stages.at(-1);
  const isStall = kind === "stalled" && !somethingDied() && last !== undefined;
  if (isStall) stalls.push({ mode, ...last });
  else troubles.note(`the replay (${mode}): ${undrained}`);
  return false;
}

/** What a stage's job finds of its topic now, by partition, when it begins at the first offset. */
export async function replayedLog(groups: Groups, stage: Stage): Promise<ReplayedLog> {
  const { partitions } = await groups.lagOf(stage);
  const ordered = partitions.toSorted((a, b) => a.partition - b.partition);
  return {
    start: ordered.map(({ start }) => start),
    upTo: ordered.map(({ lastStable }) => lastStable),
  };
}

/** What the run's raw topic holds now. */
export function rawLog({ groups }: Pick<ReplayParts, "groups">): Promise<ReplayedLog> {
  return replayedLog(groups, groups.stages.find(({ stage }) => stage === "aggregator")!);
}

/** Counts in what the observer has put on file: only once it has finished. */
export async function logCount({ folder }: Pick<RunContext, "folder">): Promise<LogCount> {
  const { buckets, read } = await openTopicFacts(folder.factsFolder);
  return countInBuckets(buckets, (bucket) => read(bucket).aggregated.table);
}
