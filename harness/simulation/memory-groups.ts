/** The client's side of groups and their offsets: asking, committing, and the questions of whoever administers. */
import type { Clock } from "../../pipeline/clock.ts";
import {
  type Assignment,
  type CommittedOffset,
  type Groups,
  KafkaError,
} from "../../pipeline/kafka/port.ts";
import type { MemoryBroker } from "./memory-broker.ts";
import type { Asker, MemoryLine } from "./memory-line.ts";
import { createMemoryMembership } from "./memory-membership.ts";

export function createMemoryGroups(
  broker: MemoryBroker,
  clientId: string,
  line: MemoryLine,
  clock: Clock,
): Groups {
  /** A transaction that pins the offsets ends by itself at its time-out, so this wait does. */
  async function whenStable(
    group: string,
    topic: string,
    partitions: readonly number[],
    asker: Asker,
  ): Promise<ReadonlyMap<number, CommittedOffset>> {
    for (;;) {
      const found = () => broker.group(group).offsets.stable(topic, partitions);
      const stable = found();
      if (stable !== undefined) return stable;
      await broker.news.wait(stableCheckMs, asker, () => found() !== undefined);
    }
  }

  /** The group's offsets, as long as nobody is in it. */
  function unattended(group: string) {
    const { coordinator, offsets } = broker.group(group);
    if (coordinator.memberCount() === 0) return offsets;
    const message = `offsets of ${group} belong to its members while it has some: stop them first`;
    throw new KafkaError("group-not-empty", message, { definite: true });
  }

  return {
    member: (options) => {
      const { coordinator } = broker.group(options.group);
      return createMemoryMembership(coordinator, { ...options, clientId }, line, clock);
    },
    committed: (group, topic, partitions, signal) =>
      line.call((asker) => whenStable(group, topic, partitions, asker), signal),
    commit: (assignment: Assignment, offsets) =>
      line.call(() => {
        const { coordinator, offsets: committed } = broker.group(assignment.group);
        coordinator.heartbeat(assignment); // a commit keeps the session alive, as on a broker
        committed.commit(offsets);
      }),
    memberCount: (group) => line.call(() => broker.group(group).coordinator.memberCount()),
    allCommitted: (group) => line.call(() => broker.group(group).offsets.all()),
    alter: (group, offsets) =>
      line.call(() => {
        for (const { topic, partition } of offsets) broker.topics.partition(topic, partition);
        unattended(group).commit(offsets);
      }),
    forget: (group, partitions) =>
      line.call(() => {
        const offsets = unattended(group);
        offsets.forget(partitions ?? offsets.all());
      }),
  };
}

/** Only a safety net: the end of a transaction is told at once. */
const stableCheckMs = 1_000;
