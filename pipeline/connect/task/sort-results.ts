/**
 * What becomes of each write of an attempt, by the job's policy. Pure but for the counters.
 *
 * | result | RETRY | NOOP | THROW |
 * | --- | --- | --- | --- |
 * | refused for good | stops the task; skipped with `errors.tolerance=all` | skipped | as RETRY |
 * | surely not taken, not overloaded | again | skipped | stops the task |
 * | overloaded, or nobody knows | again | again | stops the task |
 * | that, after the last retry | stops the task | skipped | stops the task |
 */
import type { SinkWrite, WriteResult } from "../../sinks/sink.ts";
import type { ErrorHandling } from "../config/job-config.ts";
import type { TaskMeter } from "./task-meter.ts";

export type FailedWrite = { readonly write: SinkWrite; readonly error: Error };

export type Sorted = {
  /** To be written again. */
  readonly again: readonly FailedWrite[];
  readonly skipped: readonly FailedWrite[];
  /** The first that stops the task. */
  readonly fatal: (FailedWrite & { readonly why: "refused" | "exhausted" }) | undefined;
  /** Whether the store said that it has too much to do. */
  readonly overloaded: boolean;
};

/** `retriesLeft`: whether another attempt may follow. Results are by position. */
export function sortResults(
  writes: readonly SinkWrite[],
  results: readonly WriteResult[],
  { policy, tolerance }: Pick<ErrorHandling, "policy" | "tolerance">,
  retriesLeft: boolean,
  meter: TaskMeter,
): Sorted {
  const again: FailedWrite[] = [];
  const skipped: FailedWrite[] = [];
  let fatal: Sorted["fatal"];
  let overloaded = false;
  for (let at = 0; at < writes.length; at++) {
    const write = writes[at]!;
    const result = results[at];
    switch (result?.kind) {
      case "stored":
        if (write.action === "delete") meter.deleted++;
        else meter.stored++;
        break;
      case "not-newer":
        meter.notNewer++;
        break;
      case "retired":
        meter.retired++;
        break;
      case "failed": {
        const failed = { write, error: result.error };
        meter.errors++;
        if (policy === "NOOP" || tolerance === "all") skipped.push(failed);
        else fatal ??= { ...failed, why: "refused" };
        break;
      }
      case "retriable": {
        const failed = { write, error: result.error };
        meter.errors++;
        overloaded ||= result.overloaded;
        const isRefused = result.definite && !result.overloaded;
        if (policy === "NOOP" && (isRefused || !retriesLeft)) skipped.push(failed);
        else if (retriesLeft) again.push(failed);
        else fatal ??= { ...failed, why: "exhausted" };
        break;
      }
      case undefined:
        throw new Error(`the sink gave ${results.length} results for ${writes.length} writes`);
    }
  }
  return { again, skipped, fatal, overloaded };
}
