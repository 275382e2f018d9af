/**
 * Folders that fleetproof made and may remove: each holds a mark, and without the mark nothing is
 * ever removed, whatever a record says.
 */
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ProcessError } from "./process-error.ts";
import { ownIdentity } from "./process-table.ts";
import type { FolderRecord, Registry } from "./registry.ts";

const mark = ".fleetproof-folder";

export type ClaimedFolder = {
  readonly path: string;
  readonly recordId: string;
  readonly remove: () => Promise<void>;
  /** Hands it over to the kept stack of that name. */
  readonly keep: (stack: string) => FolderRecord;
  /** Leaves it to the user: no longer recorded, never removed. */
  readonly release: () => void;
};

/**
 * Creates `path`, which must not exist or be empty, recorded as ours before it is filled.
 * @throws ProcessError `folder-taken`
 */
export function claimFolder(options: {
  readonly path: string;
  readonly purpose: string;
  readonly registry: Registry;
  /** Others may pass through it (a server under another user), though not list it. */
  readonly passable?: boolean;
}): ClaimedFolder {
  const { purpose, registry, passable = false } = options;
  const path = resolve(options.path);
  const id = randomUUID();
  const record: FolderRecord = { kind: "folder", id, purpose, path, owner: ownIdentity() };
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path) && readdirSync(path).length > 0) throw new Error("it is not empty");
    registry.put(record);
    mkdirSync(path, { recursive: true });
    const madeBy = "fleetproof made this folder and will remove it";
    writeFileSync(join(path, mark), JSON.stringify({ madeBy, registry: registry.folder }));
    if (passable) chmodSync(path, 0o711);
  } catch (cause) {
    registry.remove(id);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProcessError("folder-taken", `The folder ${path} cannot be used: ${reason}.`, cause);
  }
  return {
    path,
    recordId: id,
    async remove() {
      await removeClaimedFolder(path);
      registry.remove(id);
    },
    keep(stack) {
      const kept = { ...record, stack };
      registry.put(kept);
      return kept;
    },
    release() {
      rmSync(join(path, mark), { force: true });
      registry.remove(id);
    },
  };
}

/** False when there is no such folder, or it is not one of ours. The mark goes last: a removal cut short can be resumed. */
export async function removeClaimedFolder(path: string): Promise<boolean> {
  if (!existsSync(join(path, mark))) return false;
  for (const name of await readdir(path)) {
    if (name !== mark) await rm(join(path, name), { recursive: true, force: true });
  }
  rmSync(path, { recursive: true, force: true });
  return true;
}

/** Folders below `parent` that bear our mark, were recorded in this registry, and have lost their record. */
export function unrecordedFolders(parent: string, registry: Registry): string[] {
  const recorded = new Set(
    registry.list().flatMap((record) => (record.kind === "folder" ? [record.path] : [])),
  );
  return childrenOf(parent).filter(
    (path) => !recorded.has(path) && registryIn(path) === registry.folder,
  );
}

function childrenOf(parent: string): string[] {
  try {
    return readdirSync(parent).map((name) => join(resolve(parent), name));
  } catch {
    return []; // No such folder.
  }
}

function registryIn(folder: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, mark), "utf8")).registry;
  } catch {
    return undefined; // Not ours, or not ours to read.
  }
}
