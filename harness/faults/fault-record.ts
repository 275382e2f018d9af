/** What of a fault's report goes on file for the checks. */
import type { FaultRecord } from "../facts/run-record.ts";
import { explainsTheGenerator, type FaultReport } from "./fault-report.ts";
import { recoverWithinMs } from "./stage-recovery.ts";
import { workStage } from "./standing-partitions.ts";

export function faultRecord(fault: FaultReport): FaultRecord {
  const { kind, target, atMs, effect, untilMs, recoveredMs, stood } = fault;
  const stage = workStage(target)?.replace(/^job-/, "");
  return {
    kind,
    target,
    atMs,
    effect,
    mayFailSends: explainsTheGenerator(fault),
    untilMs,
    recoveredMs,
    recoverWithinMs,
    // A job that a poison record has stopped waits for its operator: the drain tells whether one came.
    mustRecover: kind !== "poison",
    ...(stage === undefined ? {} : { stage }),
    ...(stood === undefined ? {} : { stood }),
  };
}
