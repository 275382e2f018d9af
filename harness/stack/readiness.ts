/** Waits until a server answers: by asking it, with a deadline, and at once noticing when it has died. */
import { readFileSync } from "node:fs";
import type { Clock } from "../../simulator/clock.ts";
import { describeExit, type OwnedProcess } from "../process/owned-process.ts";
import { logTail } from "./log-tail.ts";
import { StackError } from "./stack-error.ts";

const askEveryMs = 200;

/**
 * @throws StackError `server-died` or `not-ready`, each with the last lines of the log;
 *   the signal's reason when aborted
 */
export async function waitUntilReady(options: {
  readonly title: string;
  readonly process: OwnedProcess;
  readonly logFile: string;
  readonly readyLine?: string;
  readonly probe: () => Promise<void>;
  readonly withinMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { title, process, logFile, probe, withinMs, clock, signal } = options;
  const died = process.exited.then((exit) => {
    const ended = `${title} ended while starting (${describeExit(exit)})`;
    throw new StackError("server-died", withLog(ended, logFile));
  });
  died.catch(() => undefined); // Nobody may be racing it any more.
  const begun = clock.monotonicMs();
  let seen = "it was not asked yet";
  while (clock.monotonicMs() - begun < withinMs) {
    signal.throwIfAborted();
    const answer = await Promise.race([died, ask(options.readyLine, logFile, probe)]);
    if (answer === "ready") return;
    seen = answer.unready;
    await Promise.race([died, clock.sleep(askEveryMs, signal)]);
  }
  const sentence = `${title} was not ready after ${withinMs / 1000} s (last seen: ${seen})`;
  throw new StackError("not-ready", withLog(sentence, logFile));
}

async function ask(
  readyLine: string | undefined,
  logFile: string,
  probe: () => Promise<void>,
): Promise<"ready" | { readonly unready: string }> {
  if (readyLine !== undefined && !readFileSync(logFile, "utf8").includes(readyLine)) {
    return { unready: `no "${readyLine}" in its log` };
  }
  try {
    await probe();
    return "ready";
  } catch (error) {
    return { unready: error instanceof Error ? error.message : String(error) };
  }
}

function withLog(sentence: string, logFile: string): string {
  const tail = logTail(logFile) || "(nothing)";
  return `${sentence}. Its log, ${logFile}, ends:\n${tail}`;
}
