/**
 * Reads the operating system's table of processes: who runs, since when, in which group, at what cost.
 * A process is known by pid *and* start time, because pids are used again. A zombie has ended:
 * nobody may have collected it yet, but it runs nothing and holds nothing.
 */
import { existsSync } from "node:fs";
import { procTable } from "./proc-table.ts";
import { psTable } from "./ps-table.ts";

export type ProcessEntry = {
  readonly pid: number;
  readonly groupId: number;
  /** Opaque; equal for equal processes only, also across restarts of the machine where possible. */
  readonly startTime: string;
  /** User and system time, its collected children included. */
  readonly cpuSeconds: number;
  /** The highest resident size so far where the system tells it, else the present one. */
  readonly rssBytes: number;
};

export type ProcessTable = {
  /** `undefined` when there is no such process, or only its zombie. */
  readonly entry: (pid: number) => ProcessEntry | undefined;
  /** All living members of a process group. */
  readonly group: (groupId: number) => readonly ProcessEntry[];
  /** The pids whose environment holds exactly `assignment` (`NAME=value`); none where the system hides it. */
  readonly withEnvironment: (assignment: string) => readonly number[];
};

/** `/proc` where there is one, `ps` elsewhere. */
export const processTable: ProcessTable = existsSync("/proc/self/stat") ? procTable : psTable;

export type ProcessIdentity = { readonly pid: number; readonly startTime: string };

export function identityOf(pid: number): ProcessIdentity | undefined {
  const entry = processTable.entry(pid);
  return entry && { pid, startTime: entry.startTime };
}

export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startTime: "unknown" };
}

/** True iff that very process still runs, not merely one with its pid. */
export function isAlive(identity: ProcessIdentity): boolean {
  return processTable.entry(identity.pid)?.startTime === identity.startTime;
}
