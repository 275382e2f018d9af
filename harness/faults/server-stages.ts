/** Which stages work with a server, and how far they all are: what a fault of it interrupts. */
import { workOf } from "../scenario/fault-target.ts";
import type { FaultPorts, StageProgress } from "./fault-ports.ts";
import { progressOn, untilMoved } from "./stage-recovery.ts";

/** With a store the job that fills it, with Kafka all. */
export function stagesAt(server: string, { jobs }: Pick<FaultPorts, "jobs">): readonly string[] {
  return server === "kafka" ? ["aggregator", ...jobs.targets] : [workOf(server)];
}

export type ProgressByStage = ReadonlyMap<string, StageProgress>;

export async function progressOfAll(
  stages: readonly string[],
  ports: FaultPorts,
): Promise<ProgressByStage> {
  const read = stages.map(
    async (stage) => [stage, await progressOn(stage, undefined, ports)] as const,
  );
  return new Map(await Promise.all(read));
}

/** Until each has gone on with each of its partitions, or has nothing left to do. */
export async function allMoved(before: ProgressByStage, ports: FaultPorts): Promise<boolean> {
  const moved = [...before].map(([stage, progress]) => untilMoved(stage, progress, ports));
  return (await Promise.all(moved)).every((each) => each);
}
