/** Where the servers of a stack put their data while they run. */
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClaimedFolder, claimFolder } from "../process/claimed-folder.ts";
import type { Registry } from "../process/registry.ts";
import type { ServerName } from "./artifacts.ts";
import { isRoot } from "./server-user.ts";

export type StackFolders = {
  readonly claimed: readonly ClaimedFolder[];
  readonly of: (server: ServerName) => string;
};

/**
 * `data/` in the stack's folder; for root, Elasticsearch lives in the temporary folder, because the
 * other may lie where `nobody` cannot pass (below /root).
 * @throws ProcessError `folder-taken`
 */
export function claimStackFolders(id: string, folder: string, registry: Registry): StackFolders {
  const purpose = `data of stack ${id}`;
  const data = claimFolder({ path: join(folder, "data"), purpose, registry });
  if (!isRoot()) return { claimed: [data], of: (server) => subfolder(data, server) };
  const path = join(tmpdir(), `fleetproof-${id}`);
  const passable = claimFolder({ path, purpose, registry, passable: true });
  return {
    claimed: [data, passable],
    of: (server) => subfolder(server === "elasticsearch" ? passable : data, server),
  };
}

function subfolder({ path }: ClaimedFolder, server: ServerName): string {
  const folder = join(path, server);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return folder;
}
