/**
 * One of our own children (job, simulator worker, observer): spawned with a channel, awaited until it says
 * `ready`, its end noticed at once. Over the slots of a run the same name may be started again after a kill.
 */
import type { Serializable } from "node:child_process";
import { pathToFileURL } from "node:url";
import type { Clock } from "../../simulator/clock.ts";
import { describeExit, type OwnedProcess } from "../process/owned-process.ts";
import type { Registry } from "../process/registry.ts";
import { spawnProcess } from "../process/spawn-process.ts";
import { logTail } from "../stack/log-tail.ts";
import { entryFiles } from "./entry-file.ts";

export type ChildOptions = {
  readonly name: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly nice: number;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly readyWithinMs: number;
  /** The first thing that it hears, before it is ready. */
  readonly greeting?: Serializable | undefined;
  /** Given what it says as it becomes ready. */
  readonly onReady?: (message: unknown) => void;
};

/** Before the first reading was sent: the machine, a server or a config keeps a process from starting. */
export class NotStartedError extends Error {
  readonly code = "not-started";

  constructor(message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = "NotStartedError";
  }
}

/** @throws NotStartedError with the end of the log when it ends or says nothing within the time. */
export async function startChild(options: ChildOptions): Promise<OwnedProcess> {
  const { name, entry, args, logFile, nice, registry, clock } = options;
  const child = await spawnProcess({
    name,
    command: process.execPath,
    args: [`--import=${pathToFileURL(entryFiles.pauses).href}`, entry, ...args],
    logFile,
    nice,
    ipc: true,
    registry,
    clock,
  });
  if (options.greeting !== undefined) child.send(options.greeting);
  const ready = untilMessage(child, "ready").then((message) => options.onReady?.(message));
  const timeout = new AbortController();
  const outcome = await Promise.race([
    ready.then(() => "ready" as const),
    child.exited,
    clock.sleep(options.readyWithinMs, AbortSignal.any([timeout.signal, options.signal])).then(
      () => "silent" as const,
      () => "aborted" as const,
    ),
  ]);
  timeout.abort();
  if (outcome === "ready") return child;
  await child.stop({ graceMs: 2_000 });
  const what =
    typeof outcome === "object"
      ? `ended before it was ready (${describeExit(outcome)})`
      : outcome === "silent"
        ? `was not ready after ${options.readyWithinMs / 1000} s`
        : "was broken off while starting";
  throw new NotStartedError(`${name} ${what}. The end of ${logFile}:\n${logTail(logFile)}`);
}

/** Resolves with the first message of that `type`. */
function untilMessage<T extends { type: string }>(
  child: OwnedProcess,
  type: T["type"],
): Promise<T> {
  return new Promise((resolve) => {
    const off = child.onMessage((message) => {
      if (!isMessage(message) || message.type !== type) return;
      off();
      resolve(message as T);
    });
  });
}

function isMessage(message: unknown): message is { type: string } {
  return typeof message === "object" && message !== null && "type" in message;
}
