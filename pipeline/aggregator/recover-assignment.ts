/** The states of all partitions of an assignment, as of what the group has committed. */
import type { Assignment, CommittedOffset } from "../kafka/port.ts";
import type { PartitionState } from "./partition-state.ts";
import { type RecoveryPorts, recoverPartition } from "./recovery.ts";
import type { ServePorts } from "./serve-assignment.ts";

/**
 * `kept` are the states of the assignment before, clean: nothing in them waits for a commit. One of them is
 * still true when the group's offset is the very one that it committed: a foreign commit in between would have
 * moved the offset, or the checkpoint that its metadata names. Errors: those of `recoverPartition`.
 */
export async function recoverAssignment(
  ports: ServePorts,
  assignment: Assignment,
  kept: ReadonlyMap<number, PartitionState>,
  signal: AbortSignal,
): Promise<Map<number, PartitionState>> {
  const { kafka, clock, config, partitions } = ports;
  const { raw } = config.topics;
  const mine = assignment.partitions.get(raw) ?? [];
  const committed = await kafka.groups.committed(config.group, raw, mine, signal);
  const recovery: RecoveryPorts = { log: kafka.log, clock, config, partitions };
  const states = new Map<number, PartitionState>();
  for (const [rank, partition] of mine.entries()) {
    const offset = committed.get(partition);
    const known = kept.get(partition);
    if (known !== undefined && sameOffset(known.committed, offset)) {
      states.set(partition, known);
      continue;
    }
    const state = await recoverPartition(recovery, partition, offset, signal);
    const now = clock.monotonicMs();
    // Staggered: the partitions of one job do not write their checkpoints in one transaction.
    state.checkpointDueAt = now + (config.checkpointEvery * (rank + 1)) / mine.length;
    state.newsAt = now;
    states.set(partition, state);
  }
  return states;
}

function sameOffset(a: CommittedOffset | undefined, b: CommittedOffset | undefined): boolean {
  return a !== undefined && a.offset === b?.offset && a.metadata === b.metadata;
}
