/**
 * The observer as a process: `node start-observer.ts FILE` (JSON, `ObserverConfig`). It reads the raw, the
 * aggregated and the rejected topic while they flow, keeps the audit, reports progress, and at the end
 * writes its facts into the run folder. Ends by itself when its parent is gone.
 */
import "../../simulator/inline-more.ts";
import { readFile } from "node:fs/promises";
import { systemClock } from "../../simulator/clock.ts";
import type { FromObserver, ObserverConfig, ToObserver } from "./start-observer-protocol.ts";
import { type Observation, openObservation } from "./start-observer-readers.ts";

const progressEveryMs = 250;

await main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
});
for (const name of ["disconnect", "message"]) process.removeAllListeners(name);
if (process.connected) process.disconnect();

async function main(): Promise<void> {
  const file = process.argv[2];
  if (file === undefined) throw new Error("usage: start-observer FILE");
  const config = JSON.parse(await readFile(file, "utf8")) as ObserverConfig;
  const ended = new AbortController();
  const observation = await openObservation(config, systemClock);
  try {
    const finished = listen(observation, ended);
    tell({ type: "ready" });
    const { raw, aggregated, rejected } = observation;
    const all = Promise.all([raw, aggregated, rejected].map((each) => each.run(ended.signal)));
    const reading = unlessAborted(all, ended.signal);
    const progress = reportProgress(observation, ended.signal);
    await Promise.race([reading, finished.then(() => reading)]);
    ended.abort();
    await progress;
    report(observation);
    tell({ type: "done", reachedEnd: await observation.write() });
  } finally {
    ended.abort();
    await observation.close();
  }
}

/** Resolves when `finish` was told. Without a parent there is nobody to observe for. */
function listen(observation: Observation, ended: AbortController): Promise<void> {
  const parentGone = (): never => process.exit(1);
  process.once("disconnect", parentGone);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, parentGone);
  return new Promise((resolve, reject) => {
    process.on("message", (message: ToObserver) => {
      if (message.type === "cut") observation.audit.cut(message.atEventMs);
      else finish(observation, message.withinMs, ended).then(resolve, reject);
    });
  });
}

async function finish(
  observation: Observation,
  withinMs: number,
  ended: AbortController,
): Promise<void> {
  const { raw, aggregated, rejected } = observation;
  await Promise.all([raw, aggregated, rejected].map((each) => each.finish()));
  systemClock.sleep(withinMs, ended.signal).then(
    () => ended.abort(),
    () => {}, // Read to the end before the time was over.
  );
}

/** The reading came to an end of its own, or the time was over: what was not read is unseen. */
async function unlessAborted(reading: Promise<unknown>, signal: AbortSignal): Promise<void> {
  await reading.catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

async function reportProgress(observation: Observation, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    report(observation);
    await systemClock.sleep(progressEveryMs, signal).catch(() => {}); // Aborted: the loop sees it.
  }
}

function report(observation: Observation): void {
  const { raw, aggregated, rejected, audit } = observation;
  tell({
    type: "progress",
    raw: raw.nextOffsets(),
    aggregated: aggregated.nextOffsets(),
    rejected: rejected.nextOffsets(),
    heardUntil: audit.heardUntil(),
    firstRevisions: observation.takeFirstRevisions(),
  });
}

/** A parent that is gone cannot be told; that it is gone ends this process (`listen`). */
function tell(message: FromObserver): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
