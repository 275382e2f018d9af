/** Ends what a harness that was killed left behind. What belongs to a kept stack or a living owner stays. */
import type { Clock } from "../../simulator/clock.ts";
import { removeClaimedFolder } from "./claimed-folder.ts";
import { killAll, membersOf } from "./process-group.ts";
import { isAlive } from "./process-table.ts";
import type { Registry, RegistryRecord } from "./registry.ts";

export type EndedOrphans = {
  readonly processes: readonly { readonly purpose: string; readonly pids: readonly number[] }[];
  readonly folders: readonly string[];
};

export async function endOrphans(options: {
  readonly registry: Registry;
  readonly clock: Clock;
}): Promise<EndedOrphans> {
  const { registry, clock } = options;
  return await endRecorded(registry.list().filter(isOrphan), registry, clock);
}

/** Whole groups, by recorded pid and start time or by mark; then the folders, which nobody writes to any more. */
export async function endRecorded(
  records: readonly RegistryRecord[],
  registry: Registry,
  clock: Clock,
): Promise<EndedOrphans> {
  const processes: { purpose: string; pids: readonly number[] }[] = [];
  for (const record of records) {
    if (record.kind !== "process") continue;
    const pids = membersOf(record);
    await killAll(() => membersOf(record), clock);
    registry.remove(record.id);
    if (pids.length > 0) processes.push({ purpose: record.purpose, pids });
  }
  const folders: string[] = [];
  for (const record of records) {
    if (record.kind !== "folder") continue;
    if (await removeClaimedFolder(record.path)) folders.push(record.path);
    registry.remove(record.id);
  }
  return { processes, folders };
}

function isOrphan(record: RegistryRecord): boolean {
  return record.stack === undefined && !isAlive(record.owner);
}
