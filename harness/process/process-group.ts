/** Ends whole groups of processes and waits until they are gone. */
import type { Clock } from "../../simulator/clock.ts";
import { ProcessError } from "./process-error.ts";
import { processTable } from "./process-table.ts";
import { markOf, type ProcessRecord } from "./registry.ts";

const pollMs = 50;

/** After SIGKILL only a process stuck in the kernel (a dead network disk) lasts this long. */
const killedWithinMs = 15_000;

/** Sends to every member; a group that has ended meanwhile is no error. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/**
 * SIGTERM, up to `graceMs` for a clean end (0: none, killed at once), then SIGKILL.
 * Resolves only when no living member is left.
 */
export async function endGroup(groupId: number, graceMs: number, clock: Clock): Promise<void> {
  const members = (): readonly number[] => processTable.group(groupId).map(({ pid }) => pid);
  if (graceMs > 0) {
    signalGroup(groupId, "SIGTERM");
    if (await emptied(members, graceMs, clock)) return;
  }
  await killAll(members, clock);
}

/** The living processes of a record: its group if the leader is still the same, and all that carry its mark. */
export function membersOf(record: ProcessRecord): readonly number[] {
  const { id, process: leader } = record;
  const led =
    leader !== undefined && processTable.entry(leader.pid)?.startTime === leader.startTime;
  const group = led ? processTable.group(leader.pid).map(({ pid }) => pid) : [];
  return [...new Set([...group, ...processTable.withEnvironment(markOf(id))])];
}

/** Kills what `members` lists, again and again, until it lists nothing: a member may fork meanwhile. */
export async function killAll(members: () => readonly number[], clock: Clock): Promise<void> {
  const deadline = clock.monotonicMs() + killedWithinMs;
  for (let left = members(); left.length > 0; left = members()) {
    for (const pid of left) killOne(pid);
    if (clock.monotonicMs() > deadline) {
      const seconds = killedWithinMs / 1000;
      const sentence = `Process ${left.join(", ")} still runs ${seconds} s after SIGKILL.`;
      throw new ProcessError("will-not-end", sentence);
    }
    await clock.sleep(pollMs);
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function emptied(members: () => readonly number[], withinMs: number, clock: Clock) {
  const deadline = clock.monotonicMs() + withinMs;
  while (members().length > 0) {
    if (clock.monotonicMs() > deadline) return false;
    await clock.sleep(pollMs);
  }
  return true;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ESRCH";
}
