/**
 * Planted bug H02, of the harness: a send whose outcome nobody knows is booked as failed. Where it
 * was written after all, the pipeline is accused of showing what surely never was.
 * Ancestor: scalar-labs/scalar-jepsen #29 (a write time-out was `:fail` where it must be `:info`).
 */
import type { AckRange } from "../../../harness/facts/ack-ranges.ts";

export function timeOutAsFailure(acks: readonly AckRange[]): readonly AckRange[] {
  return acks.map((range) =>
    range.outcome === "unknown" ? { ...range, outcome: "failed" } : range,
  );
}
