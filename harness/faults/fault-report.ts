/** What became of a fault step: as `summary.json` tells it, and as the charts draw it. */
import type { RecordPlace } from "../facts/run-record.ts";
import type { FaultKind } from "../scenario/fault-kinds/fault-catalogue.ts";
import { stageOf } from "../scenario/fault-target.ts";

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
  /** Records that it put where nobody can read them, whatever became of it; absent: none. */
  readonly poisons?: readonly RecordPlace[];
};

/** Whether sends that failed or came late are this fault's doing, and none of the pipeline's or the machine's. */
export function explainsTheGenerator({ kind, target, effect }: FaultReport): boolean {
  return kind === "kill" && stageOf(target) === "simulator" && effect !== null;
}
