/**
 * Rewinds a persisting job: its group forgets every committed offset, so that the job, started again, reads
 * `temperatures.aggregated` from the first offset. The job must be stopped: Kafka refuses it for a group
 * that has members, and that refusal is what keeps a running job from being rewound under its feet.
 */
import { Admin } from "@platformatic/kafka";
import type { Clock } from "../../simulator/clock.ts";

export async function rewindGroup(options: {
  readonly bootstrap: string;
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { bootstrap, group, topic, clock, signal } = options;
  const admin = new Admin({ clientId: "fleetproof", bootstrapBrokers: [bootstrap] });
  try {
    await waitUntilEmpty(admin, group, clock, signal);
    await admin.deleteConsumerGroupOffsets({
      groupId: group,
      topics: [
        { name: topic, partitionIndexes: Array.from({ length: options.partitions }, (_, p) => p) },
      ],
    });
  } finally {
    await admin.close();
  }
}

const emptyDeadlineMs = 30_000;

async function waitUntilEmpty(
  admin: Admin,
  group: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const deadline = clock.monotonicMs() + emptyDeadlineMs;
  for (;;) {
    const state = (await admin.describeGroups({ groups: [group] })).get(group)?.state;
    // The client's type says upper case, the broker's answer is "Empty".
    if (state === undefined || ["EMPTY", "DEAD"].includes(state.toUpperCase())) return;
    if (clock.monotonicMs() > deadline) {
      throw new Error(
        `The group ${group} still has members ${emptyDeadlineMs / 1000} s after its job was stopped (state ${state}): it cannot be rewound.`,
      );
    }
    await clock.sleep(100, signal);
  }
}
