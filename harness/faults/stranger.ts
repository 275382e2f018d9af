/**
 * A member of a consumer group that is none of ours: it speaks the protocol of Kafka's own consumers ("range"), takes
 * what it is given, reads nothing and commits nothing.
 */
import { Consumer } from "@platformatic/kafka";
import { orFaultError } from "./fault-error.ts";
import type { Stranger } from "./fault-ports.ts";

const session = { sessionTimeout: 10_000, rebalanceTimeout: 30_000, heartbeatInterval: 500 };

/** Errors: `FaultError`; the signal's reason. */
export function openStranger(options: {
  readonly bootstrap: string;
  readonly group: string;
  readonly topic: string;
  readonly signal: AbortSignal;
}): Stranger {
  const { bootstrap, group, topic, signal } = options;
  const consumer = new Consumer({
    clientId: "fleetproof-stranger",
    bootstrapBrokers: [bootstrap],
    groupId: group,
    protocols: [{ name: "range", version: 0 }],
    ...session,
  });
  consumer.topics.track(topic);
  // A heartbeat that failed: the next one, or the next visit, tells.
  consumer.on("error", () => undefined);
  let isMember = false;

  async function leave(): Promise<void> {
    if (!isMember) return;
    isMember = false;
    await consumer.leaveGroup(true);
  }

  return {
    join: () =>
      orFaultError(`no stranger could join the group ${group}`, signal, async () => {
        isMember = true;
        await consumer.joinGroup({});
        const own = (consumer.assignments ?? []).find((each) => each.topic === topic);
        return { partitions: own?.partitions.length ?? 0, generation: consumer.generationId };
      }),
    leave: () => orFaultError(`the stranger could not leave the group ${group}`, signal, leave),
    async [Symbol.asyncDispose]() {
      // A member that cannot be heard of any more is evicted when its session ends.
      await leave().catch(() => undefined);
      await consumer.close(true);
    },
  };
}
