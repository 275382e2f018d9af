/** What a process group has cost so far; remembers the last answer, because `/proc` forgets the dead. */
import type { Usage } from "./owned-process.ts";
import { type ProcessEntry, type ProcessTable, processTable } from "./process-table.ts";

export type UsageMeter = {
  /** Looks for all members of the group: a look at every process of the machine, some milliseconds. */
  readonly sample: () => Usage;
  /** For the regular look: only now and then at every process, else at the members known. */
  readonly glance: () => Usage;
};

/** A group is complete soon after its start (Elasticsearch's starter takes some seconds); later members are rare. */
const fullLooksAtFirst = 4;
const fullLookEvery = 12;

/** Neither figure ever falls: a member that ends takes its share out of the table, not out of the sum. */
export function meterUsage(groupId: number, table: ProcessTable = processTable): UsageMeter {
  let last: Usage = { cpuSeconds: 0, maxRssBytes: 0 };
  let known: readonly ProcessEntry[] = [];
  let glances = 0;
  const add = (members: readonly ProcessEntry[]): Usage => {
    known = members;
    const cpuSeconds = members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
    const rssBytes = members.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
    last = {
      cpuSeconds: Math.max(last.cpuSeconds, cpuSeconds),
      maxRssBytes: Math.max(last.maxRssBytes, rssBytes),
    };
    return last;
  };
  const sample = (): Usage => add(table.group(groupId));
  return {
    sample,
    glance() {
      glances++;
      if (glances <= fullLooksAtFirst || glances % fullLookEvery === 0) return sample();
      const still = known.flatMap(({ pid }) => table.entry(pid) ?? []);
      return add(still.filter((entry) => entry.groupId === groupId));
    },
  };
}
