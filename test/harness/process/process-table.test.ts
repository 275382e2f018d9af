import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
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

test("/proc and ps tell the same of a process that has no children", async () => {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000); console.log('up')"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const pid = child.pid ?? 0;
  const proc = procTable.entry(pid);
  const ps = psTable.entry(pid);
  expect(ps?.groupId).toBe(proc?.groupId);
  expect(ps?.startTime).toMatch(/\d\d:\d\d:\d\d \d{4}$/);
  expect(psTable.entry(pid)?.startTime).toBe(ps?.startTime);
  // `ps` gives whole seconds.
  expect(Math.abs((ps?.cpuSeconds ?? 0) - (proc?.cpuSeconds ?? 99))).toBeLessThan(2);
  expect(ps?.rssBytes).toBeGreaterThan(10_000_000);
  expect(proc?.rssBytes).toBeGreaterThan(10_000_000);
});

test("both tables list this process in its group", () => {
  const groupId = procTable.entry(process.pid)?.groupId ?? 0;
  for (const table of [procTable, psTable]) {
    expect(table.group(groupId).map(({ pid }) => pid)).toContain(process.pid);
  }
});
