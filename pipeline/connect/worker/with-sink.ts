/**
 * A sink of its own for one question to the store, closed afterwards: a question must not hang
 * where writing would wait.
 */
import type { Clock } from "../../clock.ts";
import { type Sink, SinkError } from "../../sinks/sink.ts";
import type { JobConfig } from "../config/job-config.ts";
import { within } from "./within.ts";

export type SinkSource = {
  readonly createSink: (config: JobConfig) => Sink;
  readonly clock: Clock;
};

const closesWithinMs = 5_000;

/** Errors: those of `ask`, and `SinkError` of code `unavailable` when it took longer than `ms`. */
export async function withSink<T>(
  { createSink, clock }: SinkSource,
  config: JobConfig,
  ms: number,
  ask: (sink: Sink, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const sink = createSink(config);
  try {
    const late = new SinkError("unavailable", `the store did not answer within ${ms / 1_000} s`);
    return await within(clock, ms, (signal) => ask(sink, signal), late);
  } finally {
    // It was asked, and that counts: what fails on the way out is nobody's answer.
    await within(clock, closesWithinMs, () => sink.close()).catch(() => {});
  }
}
