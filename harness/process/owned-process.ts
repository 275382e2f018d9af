/** A process that fleetproof started and answers for: what can be asked of it and done to it. */
import type { Serializable } from "node:child_process";
import type { ProcessRecord } from "./registry.ts";

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Usage = { readonly cpuSeconds: number; readonly maxRssBytes: number };

/** How a process is started: the same once more makes another one like it. */
export type SpawnCommand = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Laid over this process's own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Standard output and error are appended to it; its folder is created. */
  readonly logFile: string;
  /** How much lower than ours its CPU priority is (0 to 19); its children inherit it. */
  readonly nice?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly purpose?: string;
};

/** What can be said of any process of ours, also of one that another harness started (a kept stack). */
export type WatchedProcess = {
  readonly name: string;
  readonly pid: number;
  /** Resolves when its leader has ended, never rejects. Both fields null: ended, nobody knows how. */
  readonly exited: Promise<Exit>;
  readonly running: boolean;
  /** To the whole group, at once. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /**
   * Summed over its group since it started; the last seen once it has ended (sampled every few
   * seconds, and before every signal sent through this object).
   */
  readonly usage: () => Usage;
};

export type OwnedProcess = WatchedProcess & {
  readonly recordId: string;
  readonly command: SpawnCommand;
  /** SIGTERM to the group, after `graceMs` SIGKILL. Resolves only when every member is gone. */
  readonly stop: (options: { readonly graceMs: number }) => Promise<Exit>;
  /** False when the process has no channel (any more). */
  readonly send: (message: Serializable) => boolean;
  /** Returns what ends the listening. */
  readonly onMessage: (listener: (message: unknown) => void) => () => void;
  /** Hands it over to the kept stack of that name: it outlives this harness, which no longer waits for it. */
  readonly keep: (stack: string) => ProcessRecord;
};

/** `exit code 137`, `SIGKILL`, or that nobody saw it. */
export function describeExit({ code, signal }: Exit): string {
  if (signal !== null) return `signal ${signal}`;
  return code === null ? "unseen" : `exit code ${code}`;
}
