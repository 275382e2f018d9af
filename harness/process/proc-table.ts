/** The table of processes from Linux's `/proc` (proc(5)): cheap, exact, and it knows environments. */
import { readdirSync, readFileSync } from "node:fs";
import type { ProcessEntry, ProcessTable } from "./process-table.ts";

/** USER_HZ, the unit of the times in `/proc/<pid>/stat`: 100 on every Linux that user programs see. */
const ticksPerSecond = 100;

/** Start times count from the boot, so the boot is part of them. */
const boot = read("/proc/sys/kernel/random/boot_id")?.trim() ?? "";

export const procTable: ProcessTable = {
  entry: entryOf,
  group: (groupId) =>
    pids().flatMap((pid) => {
      const stat = statOf(pid);
      return stat?.groupId === groupId ? [withMemory(stat)] : [];
    }),
  withEnvironment: (assignment) =>
    pids().filter((pid) => {
      const environment = read(`/proc/${pid}/environ`);
      return environment?.split("\0").includes(assignment) && statOf(pid) !== undefined;
    }),
};

function entryOf(pid: number): ProcessEntry | undefined {
  const stat = statOf(pid);
  return stat && withMemory(stat);
}

function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function statOf(pid: number): Omit<ProcessEntry, "rssBytes"> | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // Field 2 is the command in parentheses and may itself hold spaces and parentheses.
  const [state, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (state === undefined || "ZXx".includes(state)) return undefined;
  const field = (number: number): number => Number(rest[number - 4]); // rest begins with field 4
  const ticks = field(14) + field(15) + field(16) + field(17);
  return {
    pid,
    groupId: field(5),
    startTime: `${boot}/${field(22)}`,
    cpuSeconds: ticks / ticksPerSecond,
  };
}

function withMemory(stat: Omit<ProcessEntry, "rssBytes">): ProcessEntry {
  const highest = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${stat.pid}/status`) ?? "")?.[1];
  return { ...stat, rssBytes: Number(highest ?? 0) * 1024 };
}

/** A process may end, or belong to somebody else, between the listing and the reading. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
