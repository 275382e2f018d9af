/**
 * Offsets that may be committed, and their commits: now and then, and always before partitions are
 * given up.
 */
import type { Clock } from "../../clock.ts";
import type { Assignment, Groups, PartitionOffset } from "../../kafka/port.ts";
import { KafkaError } from "../../kafka/port.ts";
import type { Logger } from "../../logger.ts";
import type { TaskMeter } from "./task-meter.ts";

type CommitOutcome =
  | "committed"
  /** The broker could not be asked, or nobody knows: the next commit covers this one. */
  | "postponed"
  /** Another member owns the partitions now. */
  | "evicted";

export type OffsetCommits = {
  /** Everything before these offsets is stored or skipped. */
  readonly note: (topic: string, offsets: ReadonlyMap<number, number>) => void;
  readonly isDue: () => boolean;
  /** Errors: `KafkaError` when it is no use to ask again. */
  readonly commit: () => Promise<CommitOutcome>;
};

export function createOffsetCommits(options: {
  readonly groups: Groups;
  readonly assignment: Assignment;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: TaskMeter;
  readonly everyMs: number;
}): OffsetCommits {
  const { groups, assignment, clock, log, meter, everyMs } = options;
  const pending = new Map<string, PartitionOffset>();
  let lastMs = clock.monotonicMs();
  let underWay: Promise<CommitOutcome> | undefined;
  let evicted = false;

  async function send(): Promise<CommitOutcome> {
    const offsets = [...pending.values()];
    lastMs = clock.monotonicMs();
    if (evicted) return "evicted";
    if (offsets.length === 0) return "committed";
    try {
      await groups.commit(assignment, offsets);
    } catch (error) {
      meter.commitFailures++;
      const outcome = judge(error, log);
      evicted = outcome === "evicted";
      if (evicted) meter.commitsSkipped++;
      return outcome;
    }
    const tookMs = clock.monotonicMs() - lastMs;
    meter.commits++;
    meter.commitMsTotal += tookMs;
    meter.commitMsMax = Math.max(meter.commitMsMax, tookMs);
    for (const sent of offsets) {
      const key = `${sent.topic}/${sent.partition}`;
      if (pending.get(key) === sent) pending.delete(key);
    }
    return "committed";
  }

  return {
    note: (topic, offsets) => {
      for (const [partition, offset] of offsets) {
        pending.set(`${topic}/${partition}`, { topic, partition, offset, metadata: "" });
      }
    },
    isDue: () => pending.size > 0 && clock.monotonicMs() - lastMs >= everyMs,
    commit: async () => {
      // One at a time: an older commit that overtook a newer one would take offsets back.
      while (underWay !== undefined) await underWay;
      underWay = send();
      try {
        return await underWay;
      } finally {
        underWay = undefined;
      }
    },
  };
}

function judge(error: unknown, log: Logger): CommitOutcome {
  if (!(error instanceof KafkaError)) throw error;
  switch (error.code) {
    case "illegal-generation":
    case "membership-lost":
    case "fenced":
      log.warn(
        { cause: error.message },
        "offsets were not committed: the partitions have moved on",
      );
      return "evicted";
    case "rebalance":
    case "unavailable":
      log.warn({ cause: error.message }, "offsets were not committed yet");
      return "postponed";
    default:
      throw error;
  }
}
