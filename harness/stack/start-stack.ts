/**
 * Starts the local stack: ends orphans, checks the machine, fetches what is not cached, starts the
 * servers. If anything fails, nothing is left running and no data is left behind, only the logs.
 */
import { resolve } from "node:path";
import { artifacts } from "./artifacts.ts";
import { diskNeeded, requireDisk } from "./disk.ts";
import { endLeftovers } from "./end-leftovers.ts";
import { fetchServers } from "./fetch.ts";
import type { Java } from "./java.ts";
import { ownStack } from "./own-stack.ts";
import { requirePrerequisites } from "./prerequisites.ts";
import type { RunningStack, StackVersions } from "./running-stack.ts";
import { claimStackFolders } from "./stack-folders.ts";
import type { StackOptions } from "./stack-options.ts";
import { startServers } from "./start-servers.ts";

/** @throws StackError; ProcessError `folder-taken` or `spawn-failed`; the signal's reason */
export async function startStack(given: StackOptions): Promise<RunningStack> {
  // The servers run elsewhere, and a kept stack is looked for from elsewhere.
  const options = { ...given, folder: resolve(given.folder) };
  const { id, folder, home, registry, clock, signal, keepName } = options;
  signal.throwIfAborted();
  await endLeftovers(options);
  const environment = options.environment ?? process.env;
  const java = await requirePrerequisites({ home, environment });
  if (options.load !== undefined) await requireDisk(diskNeeded(options.load), folder);
  const files = await fetchServers({ ...options, java });
  const folders = claimStackFolders(id, folder, registry);
  try {
    const servers = await startServers(options, { java, files, folders });
    const versions = versionsWith(java, options);
    const stack = ownStack({ id, servers, versions, folders, home, registry, clock });
    if (keepName !== undefined) await keepOrStop(stack, keepName);
    return stack;
  } catch (error) {
    for (const claimed of folders.claimed) await claimed.remove();
    throw error;
  }
}

async function keepOrStop(stack: RunningStack, name: string): Promise<void> {
  try {
    await stack.keep(name);
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

function versionsWith(java: Java, { compiler = "full" }: StackOptions): StackVersions {
  return {
    kafka: artifacts.kafka.version,
    elasticsearch: artifacts.elasticsearch.version,
    cassandra: artifacts.cassandra.version,
    java: compiler === "full" ? java.version : `${java.version}, first compiler only`,
  };
}
