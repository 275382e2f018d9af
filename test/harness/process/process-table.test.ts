import { expect, test } from "vitest";
import { procTable } from "../../../harness/process/proc-table.ts";
import { identityOf, isAlive, ownIdentity } from "../../../harness/process/process-table.ts";
import { psTable } from "../../../harness/process/ps-table.ts";

test("a process is alive under its own start time, and not under another's", () => {
  const self = ownIdentity();
  expect(isAlive(self)).toBe(true);
  expect(isAlive({ ...self, startTime: `${self.startTime}0` })).toBe(false);
});

test("a pid that nobody has is nobody", () => {
  expect(identityOf(2 ** 22 + 1)).toBeUndefined();
});

test("/proc and ps tell the same of this process", () => {
  const proc = procTable.entry(process.pid);
  const ps = psTable.entry(process.pid);
  expect(ps?.groupId).toBe(proc?.groupId);
  expect(ps?.startTime).toMatch(/\d\d:\d\d:\d\d \d{4}$/);
  expect(psTable.entry(process.pid)?.startTime).toBe(ps?.startTime);
  expect(Math.abs((ps?.cpuSeconds ?? 0) - (proc?.cpuSeconds ?? 99))).toBeLessThan(5);
  expect(ps?.rssBytes).toBeGreaterThan(10_000_000);
  expect(proc?.rssBytes).toBeGreaterThan(10_000_000);
});

test("both tables list this process in its group", () => {
  const groupId = procTable.entry(process.pid)?.groupId ?? 0;
  for (const table of [procTable, psTable]) {
    expect(table.group(groupId).map(({ pid }) => pid)).toContain(process.pid);
  }
});
