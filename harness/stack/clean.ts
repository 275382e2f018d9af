/** Removes what nothing uses any more: orphans, their data, cut-short fetches, names of stacks that never came up. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../simulator/clock.ts";
import { removeClaimedFolder, unrecordedFolders } from "../process/claimed-folder.ts";
import { endOrphans } from "../process/end-orphans.ts";
import { isAlive } from "../process/process-table.ts";
import type { Registry } from "../process/registry.ts";
import type { Home } from "./home.ts";
import { readStackFile, removeStackFile, stackNames } from "./stack-file.ts";

export type Cleaned = {
  readonly processes: readonly { readonly purpose: string; readonly pids: readonly number[] }[];
  readonly folders: readonly string[];
  /** Stacks whose starting was cut short. */
  readonly stacks: readonly string[];
};

/** The fetched servers, kept stacks and what belongs to a living harness stay. */
export async function clean(options: {
  readonly home: Home;
  readonly registry: Registry;
  readonly clock: Clock;
}): Promise<Cleaned> {
  const { home, registry, clock } = options;
  const { processes, folders } = await endOrphans({ registry, clock });
  const lost = [tmpdir(), join(home.cache, "servers")].flatMap((parent) =>
    unrecordedFolders(parent, registry),
  );
  for (const folder of lost) await removeClaimedFolder(folder);
  const stacks = stackNames(home).filter((name) => {
    const file = readStackFile(home, name);
    if (registry.list().some(({ stack }) => stack === name)) return false; // `stack down` ends it.
    return file?.state === "starting" && !isAlive(file.owner);
  });
  for (const name of stacks) removeStackFile(home, name);
  return { processes, folders: [...folders, ...lost], stacks };
}
