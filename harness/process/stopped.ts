/** Whether SIGSTOP has reached a process: state `T` in the system's table of processes (proc(5), ps(1)). */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { processTable } from "./process-table.ts";

/** Every member of the group stands still; false for a group that has none. */
export function isGroupStopped(groupId: number): boolean {
  const members = processTable.group(groupId);
  return members.length > 0 && members.every(({ pid }) => stateOf(pid)?.startsWith("T") === true);
}

/** The state's letter first; undefined when the process has ended. */
function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // Field 2 is the command in parentheses and may itself hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[0];
  } catch {
    return stateFromPs(pid);
  }
}

function stateFromPs(pid: number): string | undefined {
  try {
    const args = ["-o", "stat=", "-p", String(pid)];
    return execFileSync("ps", args, { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined; // `ps` answers 1 for a process that has ended.
  }
}
