/**
 * Planted bug: partitions are held as if they had been assigned by hand. Whatever the group says is
 * ignored, offsets go into the transaction without generation or member, and each life has a
 * transactional id of its own, so that nothing fences a process that wakes after its partitions
 * have gone to another.
 * Ancestors: databricks/iceberg-kafka-connect #200 (a random transactional id),
 * MaterializeInc/materialize #23363.
 */
import type { Assignment, Kafka } from "../../../pipeline/kafka/port.ts";
import { onOpen } from "../wrap-kafka.ts";

/**
 * Commits after its partitions were revoked until it looks again: long enough to do all that is
 * overdue once more.
 */
const lateCommits = 10;

let lives = 0;

export function commitWithoutGeneration(kafka: Kafka): Kafka {
  lives += 1;
  const life = `${process.pid}-${lives}`;
  const { groups, transactions } = kafka;
  const tenure = createHandTenure();
  const ownIds: Kafka = {
    ...kafka,
    groups: {
      ...groups,
      member: ({ groupInstanceId: _, ...dynamic }) => {
        const member = groups.member(dynamic);
        return { ...member, next: async (signal) => tenure.hold(await member.next(signal)) };
      },
    },
    transactions: {
      open: (id, timeoutMs, signal) => transactions.open(`${id}-${life}`, timeoutMs, signal),
    },
  };
  return onOpen(ownIds, (producer) => ({
    ...producer,
    commit: async (assignment, ...rest) => {
      await producer.commit(ofNobody(assignment), ...rest);
      tenure.committed();
    },
  }));
}

function createHandTenure() {
  let revoked: AbortSignal | undefined;
  let noticed = new AbortController();
  let left = lateCommits;
  return {
    hold: (assignment: Assignment): Assignment => {
      revoked = assignment.revoked;
      noticed = new AbortController();
      left = lateCommits;
      const isEmpty = [...assignment.partitions.values()].every((held) => held.length === 0);
      // With nothing to read there is no commit: it hears at once, or it would never have work.
      return isEmpty ? assignment : { ...assignment, revoked: noticed.signal };
    },
    committed: (): void => {
      if (!revoked?.aborted) return;
      left -= 1;
      if (left === 0) noticed.abort(revoked.reason);
    },
  };
}

/**
 * As a consumer outside any group commits: Kafka asks nothing of it (KIP-447 calls it unfenced).
 */
export function ofNobody(assignment: Assignment): Assignment {
  return { ...assignment, generation: -1, memberId: "", groupInstanceId: undefined };
}
