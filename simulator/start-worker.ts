/**
 * A simulator worker as a process: `node start-worker.ts CONFIG.json`, with a channel to its parent
 * (`worker-protocol.ts`). SIGTERM ends it in order; a parent that is gone ends it at once.
 */
import "./inline-more.ts";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { systemClock } from "./clock.ts";
import { runWorker } from "./run-worker.ts";
import { readWorkerConfig } from "./worker-config.ts";
import { parseCommand, type WorkerCommand, type WorkerReport } from "./worker-protocol.ts";

const terminated = new AbortController();
process.on("SIGTERM", () => terminated.abort());
// Without its parent nobody would ever stop it, and nobody would judge what it sends.
process.on("disconnect", () => process.exit(1));

const report = (message: WorkerReport): void => {
  process.send?.(message);
};

try {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error("usage: start-worker CONFIG.json");
  const loopDelay = monitorEventLoopDelay({ resolution: 10 });
  loopDelay.enable();
  await runWorker({
    config: readWorkerConfig(file),
    clock: systemClock,
    report,
    onCommand: (listener: (command: WorkerCommand) => void) => {
      process.on("message", (message) => {
        const command = parseCommand(message);
        if (command !== undefined) listener(command);
      });
    },
    signal: terminated.signal,
    usage: () => {
      const { user, system } = process.cpuUsage();
      // Its percentiles include the 10 ms that its own timer sleeps.
      const delay = (ns: number): number => Math.max(0, ns / 1e6 - 10);
      return {
        cpuSeconds: { user: user / 1e6, system: system / 1e6 },
        maxRssBytes: process.resourceUsage().maxRSS * 1024,
        eventLoopDelayMs: {
          p50: delay(loopDelay.percentile(50)),
          p99: delay(loopDelay.percentile(99)),
          max: delay(loopDelay.max),
        },
      };
    },
  });
  await new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send({ type: "done" } satisfies WorkerReport, () => resolve());
  });
  process.exit(0);
} catch (error) {
  console.error(error);
  const message = error instanceof Error ? error.message : String(error);
  if (process.send === undefined) process.exit(1);
  process.send({ type: "failed", message } satisfies WorkerReport, () => process.exit(1));
}
