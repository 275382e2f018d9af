/**
 * The table of processes from `ps`, for systems without `/proc`. It sees neither environments
 * nor the CPU time of children that have ended, which `/proc` adds to their parent's.
 */
import { execFileSync } from "node:child_process";
import type { ProcessEntry, ProcessTable } from "./process-table.ts";

export const psTable: ProcessTable = {
  entry: (pid) => list(["-p", String(pid)]).find((entry) => entry.pid === pid),
  group: (groupId) => list(["-A"]).filter((entry) => entry.groupId === groupId),
  withEnvironment: () => [],
};

function list(selection: readonly string[]): ProcessEntry[] {
  return ps([...selection, "-o", "pid=,pgid=,stat=,rss=,time=,lstart="])
    .split("\n")
    .flatMap((line) => {
      const [pid, groupId, state, rss, time, ...start] = line.trim().split(/\s+/);
      if (pid === undefined || state === undefined || time === undefined) return [];
      if (state.startsWith("Z")) return [];
      return {
        pid: Number(pid),
        groupId: Number(groupId),
        startTime: start.join(" "),
        cpuSeconds: secondsOf(time),
        rssBytes: Number(rss) * 1024,
      };
    });
}

/** `ps` answers 1 when nothing matched. */
function ps(args: readonly string[]): string {
  try {
    const environment = { ...process.env, LC_ALL: "C" };
    return execFileSync("ps", args, { encoding: "utf8", env: environment, stdio: "pipe" });
  } catch {
    return "";
  }
}

/** `[[days-]hours:]minutes:seconds`, the seconds with or without a fraction. */
function secondsOf(time: string): number {
  const [clock = "0", days = "0"] = time.split("-").reverse();
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}
