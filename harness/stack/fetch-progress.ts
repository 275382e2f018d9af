/** Tells how far a fetch has come. Approximate on purpose: Maven says little, folders say the rest. */
import { existsSync, readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../simulator/clock.ts";
import { artifacts, type ServerName } from "./artifacts.ts";
import { mavenLog } from "./assemble.ts";
import { downloadedBytes } from "./maven-output.ts";

export type FetchProgress = {
  readonly server: ServerName;
  readonly phase: "fetching" | "fetched";
  readonly bytes: number;
  readonly totalBytesApprox: number;
};

const everyMs = 500;

/** Reports while `signal` is not aborted; never rejects. */
export async function reportProgress(
  server: ServerName,
  work: string,
  onProgress: (progress: FetchProgress) => void,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const totalBytesApprox = artifacts[server].bytes;
  const before = await sizeOf(localRepositoryFolder(server));
  while (!signal.aborted) {
    const arrived = (await sizeOf(localRepositoryFolder(server))) - before;
    const known = Math.max(await sizeOf(work), arrived, bytesInLog(work));
    const bytes = Math.min(known, totalBytesApprox); // The zip and what was unpacked lie side by side.
    onProgress({ server, phase: "fetching", bytes, totalBytesApprox });
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

function bytesInLog(work: string): number {
  const log = mavenLog(work);
  return existsSync(log) ? downloadedBytes(readFileSync(log, "utf8")) : 0;
}

/** A large zip grows here before it is copied, unless the user's Maven settings name another place. */
function localRepositoryFolder(server: ServerName): string | undefined {
  const artifact = artifacts[server];
  if (artifact.kind === "jars") return undefined;
  const { group, version } = artifact;
  return join(homedir(), ".m2/repository", ...group.split("."), artifact.artifact, version);
}

async function sizeOf(folder: string | undefined): Promise<number> {
  if (folder === undefined) return 0;
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = files.map(
      async ({ parentPath, name }) => (await stat(join(parentPath, name))).size,
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  } catch {
    return 0; // Not there yet, or a file was renamed while we looked.
  }
}
