/**
 * Retires a job's indices while its first task runs: at its start, and whenever an hour of the
 * job's clock has passed. A failure is told and counted, and tried again with the next hour:
 * writing goes on without it.
 */
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logger.ts";
import type { Retirement } from "../../sinks/sink.ts";
import type { TaskMeter } from "../task/task-meter.ts";

/** Indices are of whole days; an hour late is soon enough. */
const everyMs = 3_600_000;
/** The job's clock may play faster than the machine's: it is looked at this often by the latter. */
const lookEveryMs = 5_000;

/** Until `signal` is aborted. Never rejects. */
export async function retireRegularly(options: {
  readonly retirement: Retirement;
  /** `now` is the job's. */
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: TaskMeter;
  readonly isPaused: () => boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { clock, isPaused, signal } = options;
  let dueMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (!isPaused() && clock.now() >= dueMs) {
      dueMs = clock.now() + everyMs;
      await retireOnce(options);
    }
    await clock.sleep(lookEveryMs, signal).catch(() => {}); // woken early only by the end
  }
}

async function retireOnce(options: {
  readonly retirement: Retirement;
  readonly clock: Clock;
  readonly log: Logger;
  readonly meter: TaskMeter;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { retirement, clock, log, meter, signal } = options;
  try {
    const retired = await retirement.retire(signal);
    const indices = retired.map(({ index }) => index);
    if (indices.length > 0) log.info({ indices }, "indices past their days were retired");
  } catch (error) {
    if (signal.aborted) return;
    meter.errorsLogged += 1;
    meter.lastErrorAtMs = clock.now();
    const cause = error instanceof Error ? error.message : String(error);
    log.warn({ cause }, "indices could not be retired, trying again in an hour of the job's clock");
  }
}
