/**
 * Rewinds a persisting job: its group forgets every committed offset, so that the job, started again, reads
 * `temperatures.aggregated` from the first offset. The job must be stopped: Kafka refuses it for a group
 * that has members, and that refusal is what keeps a running job from being rewound under its feet.
 */
import { Admin } from "@platformatic/kafka";
import type { Clock } from "../../simulator/clock.ts";
import { DeadlineError, until } from "../run/until.ts";
import { ReplayError } from "./replay-error.ts";

/** Above the session time-out: a member that was killed is evicted by then. */
const emptyWithinMs = 30_000;

/** Errors: `ReplayError` when members stay or Kafka refuses; the signal's reason when aborted. */
export async function rewindGroup(options: {
  readonly bootstrap: string;
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { bootstrap, group, topic, partitions, clock, signal } = options;
  const admin = new Admin({ clientId: "fleetproof", bootstrapBrokers: [bootstrap] });
  let state: string | undefined;
  try {
    await until(
      async () => {
        state = (await admin.describeGroups({ groups: [group] })).get(group)?.state?.toUpperCase();
        return state === undefined || state === "EMPTY" || state === "DEAD";
      },
      {
        withinMs: emptyWithinMs,
        everyMs: 100,
        clock,
        signal,
        sentence: () =>
          `The group ${group} still has members ${emptyWithinMs / 1000} s after its job was stopped (state ${state}): it cannot be rewound.`,
      },
    );
    // A group that Kafka does not know has nothing to forget.
    if (state !== "EMPTY") return;
    const partitionIndexes = Array.from({ length: partitions }, (_, partition) => partition);
    await admin.deleteConsumerGroupOffsets({
      groupId: group,
      topics: [{ name: topic, partitionIndexes }],
    });
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof DeadlineError) throw new ReplayError("group-not-empty", error.message);
    const why = (error as Error).message;
    throw new ReplayError("refused", `Kafka did not rewind the group ${group}: ${why}`, error);
  } finally {
    await admin.close();
  }
}
