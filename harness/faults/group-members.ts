/** Who is a member of a consumer group and holds which partitions, as its coordinator says (DescribeGroups). */
import { Admin } from "@platformatic/kafka";
import type { GroupMember } from "./fault-ports.ts";

export type GroupMembers = AsyncDisposable & {
  /** Partitions are those of `topic`: none while the group rebalances. Errors: those of the requests. */
  readonly of: (group: string, topic: string) => Promise<readonly GroupMember[]>;
  /** LeaveGroup in their name: their coordinator knows them no more. */
  readonly drop: (group: string, ids: readonly string[]) => Promise<void>;
};

export function openGroupMembers(bootstrap: string): GroupMembers {
  const admin = new Admin({ clientId: "fleetproof", bootstrapBrokers: [bootstrap] });
  return {
    async of(group, topic) {
      const described = (await admin.describeGroups({ groups: [group] })).get(group);
      return [...(described?.members.values() ?? [])].map(({ id, clientId, assignments }) => ({
        id,
        slot: slotOfClient(clientId),
        partitions: assignments?.get(topic)?.partitions ?? [],
      }));
    },
    drop: (group, ids) =>
      admin.removeMembersFromConsumerGroup({
        groupId: group,
        members: ids.map((memberId) => ({ memberId })),
      }),
    [Symbol.asyncDispose]: () => admin.close(),
  };
}

/** The jobs' client ids end with their slot (`aggregator-1`, `connect-0`), whatever they do in how many tasks. */
function slotOfClient(clientId: string): number {
  return Number(/-(\d+)$/.exec(clientId)?.[1] ?? -1);
}
