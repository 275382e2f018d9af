import { expect, test } from "vitest";
import type { ProcessEntry, ProcessTable } from "../../../harness/process/process-table.ts";
import { meterUsage } from "../../../harness/process/usage-meter.ts";

function member(pid: number, cpuSeconds: number, rssBytes: number): ProcessEntry {
  return { pid, groupId: 7, startTime: "x", cpuSeconds, rssBytes };
}

/** A table that the test rewrites, and that counts the looks at every process. */
function table(entries: ProcessEntry[]): ProcessTable & { fullLooks: number } {
  return {
    fullLooks: 0,
    entry: (pid) => entries.find((entry) => entry.pid === pid),
    group(groupId) {
      this.fullLooks++;
      return entries.filter((entry) => entry.groupId === groupId);
    },
    withEnvironment: () => [],
  };
}

test("usage is summed over the group", () => {
  const entries = [member(7, 1, 100), member(8, 2, 50), { ...member(9, 4, 4), groupId: 9 }];
  expect(meterUsage(7, table(entries)).sample()).toEqual({ cpuSeconds: 3, maxRssBytes: 150 });
});

test("what was used is not forgotten when the members end", () => {
  const entries = [member(7, 1, 100), member(8, 2, 50)];
  const meter = meterUsage(7, table(entries));
  meter.sample();
  entries.length = 0;
  expect(meter.sample()).toEqual({ cpuSeconds: 3, maxRssBytes: 150 });
});

test("a regular look seldom goes through every process, and still follows the members", () => {
  const entries = [member(7, 1, 100)];
  const counted = table(entries);
  const meter = meterUsage(7, counted);
  for (let looks = 1; looks <= 50; looks++) {
    entries[0] = member(7, looks, 100);
    expect(meter.glance().cpuSeconds).toBe(looks);
  }
  expect(counted.fullLooks).toBeLessThan(10);
});
