/**
 * What fleetproof started and owns, on disk, one small file each, so that the next start can end
 * what a killed harness left behind: by pid and start time, never by name, never somebody else's.
 * Writes are synchronous and atomic: a record stands before anything depends on it.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const identitySchema = z.object({ pid: z.int().positive(), startTime: z.string().min(1) });

const common = {
  id: z.string().min(1),
  purpose: z.string(),
  /** Who ends or removes it in the normal course of things. */
  owner: identitySchema,
  /** The kept stack it belongs to: then it outlives its owner. */
  stack: z.string().exactOptional(),
};

export const recordSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("process"), ...common, process: identitySchema.exactOptional() }),
  z.object({ kind: z.literal("folder"), ...common, path: z.string().startsWith("/") }),
]);

export type RegistryRecord = z.infer<typeof recordSchema>;
/** Without `process` it is about to be started: its environment marks it (`markOf`). */
export type ProcessRecord = Extract<RegistryRecord, { kind: "process" }>;
export type FolderRecord = Extract<RegistryRecord, { kind: "folder" }>;

export type Registry = {
  readonly folder: string;
  /** Writes the record, in place of one with the same id. */
  readonly put: (record: RegistryRecord) => void;
  readonly remove: (id: string) => void;
  /** All records; one that cannot be read is left out and reported to `warn`. */
  readonly list: () => readonly RegistryRecord[];
};

/** The environment variable by which a process is known as the one of a record. */
export function markOf(recordId: string): string {
  return `FLEETPROOF_PROCESS=${recordId}`;
}

export function openRegistry(folder: string, warn: (sentence: string) => void): Registry {
  mkdirSync(folder, { recursive: true });
  const pathOf = (id: string): string => join(folder, `${id}.json`);
  return {
    folder,
    put(record) {
      const draft = join(folder, `.${randomUUID()}.draft`);
      writeFileSync(draft, `${JSON.stringify(record)}\n`);
      renameSync(draft, pathOf(record.id));
    },
    remove(id) {
      rmSync(pathOf(id), { force: true });
    },
    list() {
      return readdirSync(folder)
        .filter((file) => file.endsWith(".json"))
        .flatMap((file) => readRecord(join(folder, file), warn));
    },
  };
}

function readRecord(path: string, warn: (sentence: string) => void): RegistryRecord[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return []; // Removed by its owner since the listing.
  }
  try {
    return [recordSchema.parse(JSON.parse(text))];
  } catch {
    warn(`The record ${path} cannot be read and is ignored; what it named may still be running.`);
    return [];
  }
}
