/** The dry run of retirement: what a job would close or delete now, asked of a sink of its own. */
import type { RetirableIndex } from "../../sinks/sink.ts";
import type { JobConfig } from "../config/job-config.ts";
import { type SinkSource, withSink } from "./with-sink.ts";

/** A person waits for the answer. */
const answerWithinMs = 30_000;

/** None for a store without retirement. Errors: `SinkError`, also when it takes too long. */
export function listRetirable(
  config: JobConfig,
  source: SinkSource,
): Promise<readonly RetirableIndex[]> {
  return withSink(source, config, answerWithinMs, async ({ retirement }, signal) =>
    retirement === undefined ? [] : await retirement.due(signal),
  );
}
