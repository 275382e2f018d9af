/**
 * Fetches the servers into the cache, side by side. Each is assembled in a recorded folder of its own
 * and published whole or not at all; a fetch that is cut short leaves only what the next start removes.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { claimFolder } from "../process/claimed-folder.ts";
import { artifacts, type ServerName, serverNames } from "./artifacts.ts";
import { type AssembleOptions, assemble } from "./assemble.ts";
import { cachedFolder, isCached, publish } from "./cache.ts";
import { type FetchProgress, reportProgress } from "./fetch-progress.ts";
import type { Home } from "./home.ts";
import { StackError } from "./stack-error.ts";

export type FetchOptions = AssembleOptions & {
  readonly home: Home;
  readonly onProgress?: (progress: FetchProgress) => void;
};

/**
 * The folder of each server, fetched first where it is not cached. The first failure ends the others.
 * @throws StackError `fetch-failed`, in one sentence with Maven's own first error
 */
export async function fetchServers(options: FetchOptions): Promise<Record<ServerName, string>> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const fetches = serverNames.map(async (server) => {
    try {
      return [server, await fetchServer(server, { ...options, signal })] as const;
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  const settled = await Promise.allSettled(fetches);
  signal.throwIfAborted();
  return Object.fromEntries(
    settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
  ) as Record<ServerName, string>;
}

/** The folder of one, likewise. */
export async function fetchServer(server: ServerName, options: FetchOptions): Promise<string> {
  const { home, registry, signal, onProgress = () => undefined } = options;
  if (isCached(home.cache, server)) return cachedFolder(home.cache, server);
  const work = join(home.cache, "servers", `.fetching-${server}-${randomUUID()}`);
  const ended = new AbortController();
  try {
    const claimed = claimFolder({ path: work, purpose: `fetching ${server}`, registry });
    try {
      const watching = reportProgress(server, work, onProgress, {
        ...options,
        signal: ended.signal,
      });
      const assembled = await assemble(server, work, options).finally(() => ended.abort());
      await watching;
      const folder = await publish(assembled, home.cache, server);
      const { bytes } = artifacts[server];
      onProgress({ server, phase: "fetched", bytes, totalBytesApprox: bytes });
      return folder;
    } finally {
      await claimed.remove();
    }
  } catch (cause) {
    if (signal.aborted || cause instanceof StackError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const version = artifacts[server].version;
    const remedy = "Check the network, and the mirrors and proxies in Maven's settings.";
    const sentence = `${server} ${version} could not be fetched: ${reason}. ${remedy}`;
    throw new StackError("fetch-failed", sentence, cause);
  }
}
