/** What became of a fault step: as `summary.json` tells it, and as the charts draw it. */
import type { PoisonPlace } from "../facts/run-record.ts";
import { definitionOf, type FaultKind } from "../scenario/fault-kinds/fault-catalogue.ts";
import { stageOf, workOf } from "../scenario/fault-target.ts";

export type FaultReport = {
  readonly kind: FaultKind;
  readonly target: string;
  /** Wall milliseconds after the load (warm-up included) began at which it was really done. */
  readonly atMs: number;
  /** On the same scale: when the disturbance was over (recovered, SIGCONT, taking part); null: it never was. */
  readonly untilMs: number | null;
  /** What was seen of it, one sentence; null: it left no trace, and the run proves nothing about it. */
  readonly effect: string | null;
  /** From the fault until the work of its target went on; null: it never did. */
  readonly recoveredMs: number | null;
  /** Where the work never went on: partitions that had some left and stood still. Absent: none was seen to. */
  readonly stood?: readonly number[];
  /** Records that it put where nobody can read them, whatever became of it; absent: none. */
  readonly poisons?: readonly PoisonPlace[];
};

/** Whether sends that failed or came late are this fault's doing, and none of the pipeline's or the machine's. */
export function explainsTheGenerator({ kind, target, effect }: FaultReport): boolean {
  if (effect === null) return false;
  // Without Kafka nobody can send.
  if (target === "kafka") return true;
  const { family } = definitionOf(kind);
  // Over a link that is disturbed it sends late, in vain, or without being told what became of it.
  if (family === "network") return workOf(target) === "simulator";
  // The herd is late on purpose.
  return (kind === "kill" || kind === "herd") && stageOf(target) === "simulator";
}
