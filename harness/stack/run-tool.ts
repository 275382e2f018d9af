/** Runs a program to its end (Maven, jar, Kafka's formatter): in the registry, with its output in a file, stoppable. */
import { readFileSync } from "node:fs";
import type { Clock } from "../../simulator/clock.ts";
import type { Exit } from "../process/owned-process.ts";
import type { Registry } from "../process/registry.ts";
import { type SpawnOptions, spawnProcess } from "../process/spawn-process.ts";

export type ToolRun = { readonly ok: boolean; readonly exit: Exit; readonly output: string };

export type ToolContext = {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly signal: AbortSignal;
};

/**
 * @returns how it ended, with all it wrote. Rejects with the signal's reason, after the tool is gone.
 * @throws ProcessError `spawn-failed`
 */
export async function runTool(
  tool: Pick<SpawnOptions, "name" | "command" | "args" | "env" | "cwd" | "logFile" | "nice">,
  { registry, clock, signal }: ToolContext,
): Promise<ToolRun> {
  signal.throwIfAborted();
  const child = await spawnProcess({ ...tool, registry, clock });
  const stop = (): void => child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  const exit = await child.exited;
  signal.removeEventListener("abort", stop);
  await child.stop({ graceMs: 0 }); // What it may have left in its group.
  signal.throwIfAborted();
  const output = readFileSync(tool.logFile, "utf8");
  return { ok: exit.code === 0, exit, output };
}
