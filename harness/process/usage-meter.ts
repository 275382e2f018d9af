/** What a process group has cost so far; remembers the last answer, because `/proc` forgets the dead. */
import type { Usage } from "./owned-process.ts";
import { type ProcessTable, processTable } from "./process-table.ts";

export type UsageMeter = { readonly sample: () => Usage };

/** Neither figure ever falls: a member that ends takes its share out of the table, not out of the sum. */
export function meterUsage(groupId: number, table: ProcessTable = processTable): UsageMeter {
  let last: Usage = { cpuSeconds: 0, maxRssBytes: 0 };
  return {
    sample() {
      const members = table.group(groupId);
      const cpuSeconds = members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
      const rssBytes = members.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
      last = {
        cpuSeconds: Math.max(last.cpuSeconds, cpuSeconds),
        maxRssBytes: Math.max(last.maxRssBytes, rssBytes),
      };
      return last;
    },
  };
}
