/** Before servers are started: ends what a harness that was killed has left running, and says so. */
import { endOrphans } from "../process/end-orphans.ts";
import type { StackOptions } from "./stack-options.ts";

export async function endLeftovers({
  registry,
  clock,
  onProgress,
}: Pick<StackOptions, "registry" | "clock" | "onProgress">): Promise<void> {
  const { processes, folders } = await endOrphans({ registry, clock });
  if (processes.length + folders.length === 0) return;
  onProgress?.({
    phase: "orphans-ended",
    processes: processes.length,
    folders: folders.length,
  });
}
