/**
 * What the revision probe saw of sampled keys, look after look, in the run folder: `seen-revisions.rows` and `.json`.
 * Equal looks in a row are one row with their number, so that a long run costs no more than what changed in it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "./json-file.ts";
import { createTable, type Table } from "./table.ts";
import { readTable, writeTable } from "./table-file.ts";

const seenSpec = {
  /** Index into `stores`. */
  store: "u8",
  /** Index in the plan. */
  device: "i32",
  /** Start, epoch milliseconds. */
  window: "f64",
  /** NaN: there was no such row any more. A key is on file from the first look that found it. */
  revision: "f64",
  /** NaN where the store's mapping has none. */
  version: "f64",
  /** Wall time of the first and the last of these looks, epoch milliseconds. */
  firstAtMs: "f64",
  lastAtMs: "f64",
  looks: "u32",
} as const;

/** Rows in the order in which they were first seen. */
export type SeenTable = Table<typeof seenSpec>;

export type SeenRevisions = {
  readonly stores: readonly string[];
  readonly table: SeenTable;
  /** By store: looks that failed. The store may well be down on purpose. */
  readonly failedLooks: readonly number[];
};

/** `not-kept`: the folder is of a version that did not look, or the run ended before it was written. */
export type RevisionFacts = SeenRevisions | "not-kept";

type SeenJson = {
  readonly schema: 1;
  readonly stores: readonly string[];
  readonly failedLooks: readonly number[];
};

const base = "seen-revisions";

export function createSeenTable(): SeenTable {
  return createTable(seenSpec);
}

export async function writeSeenRevisions(folder: string, seen: SeenRevisions): Promise<void> {
  const { stores, failedLooks, table } = seen;
  await writeTable(join(folder, `${base}.rows`), table);
  const json: SeenJson = { schema: 1, stores, failedLooks };
  await writeJson(join(folder, `${base}.json`), json);
}

/** Errors: `FactsError` when they are there and damaged. */
export async function readSeenRevisions(folder: string): Promise<RevisionFacts> {
  if (!existsSync(join(folder, `${base}.json`))) return "not-kept";
  const { stores, failedLooks } = await readJson<SeenJson>(join(folder, `${base}.json`));
  const table = await readTable(join(folder, `${base}.rows`), seenSpec);
  return { stores, failedLooks, table };
}
