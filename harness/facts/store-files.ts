/**
 * The scan of one store in the run folder: `<name>.rows`, `<name>.keys`, and `<name>.json` for what else is text. The
 * first two take the rows as they come, each into its bucket.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Buckets } from "./buckets.ts";
import { FactsError } from "./facts-error.ts";
import { readJson, writeJson } from "./json-file.ts";
import { createKeysWriter } from "./keys-writer.ts";
import { openPackedKeys } from "./packed-keys.ts";
import { type OptionalColumn, type StoreRows, type StoreSink, storeSpec } from "./store-rows.ts";
import { openTable } from "./table-file.ts";
import { createTableWriter } from "./table-writer.ts";

type StoreJson = {
  readonly schema: 1;
  readonly store: string;
  readonly columns: readonly OptionalColumn[];
  readonly groups: readonly string[];
  /** Of rows of the first bucket. */
  readonly deviceTexts: readonly (readonly [number, string])[];
};

export type StoreFiles = StoreSink & {
  /** Once, when all rows are there. Errors: `FactsError`. */
  readonly end: (of: Pick<StoreJson, "store" | "columns" | "groups">) => Promise<void>;
  /** Instead, when they will never be: nothing is left of the files. */
  readonly drop: () => Promise<void>;
};

/** What is read of it a bucket at a time. */
export type StoredScan = {
  readonly buckets: number;
  /** Errors: `FactsError`. */
  readonly read: (bucket: number) => StoreRows;
};

/** `name`: `store-elasticsearch`. `buckets`: by the row's device, for facts. Errors: `FactsError`. */
export function openStoreFiles(
  folder: string,
  name: string,
  buckets: Pick<Buckets, "many" | "of">,
): StoreFiles {
  const rows = createTableWriter(join(folder, `${name}.rows`), storeSpec, buckets.many);
  const keys = createKeysWriter(join(folder, `${name}.keys`), buckets.many);
  const deviceTexts: [number, string][] = [];
  return {
    add: (values, key, text) => {
      const bucket = buckets.of(values.device);
      if (text !== undefined) deviceTexts.push([rows.rows(bucket), text]);
      rows.add(values, bucket);
      if (key !== undefined) keys.add(key, bucket);
    },
    end: async ({ store, columns, groups }) => {
      for (const each of [rows, keys]) each.end();
      const json: StoreJson = { schema: 1, store, columns, groups, deviceTexts };
      await writeJson(join(folder, `${name}.json`), json);
    },
    drop: async () => {
      for (const each of [rows, keys]) each.end();
      for (const end of ["rows", "keys"]) await rm(join(folder, `${name}.${end}`));
    },
  };
}

/** Errors: `FactsError`. */
export async function openStoredScan(folder: string, name: string): Promise<StoredScan> {
  const { deviceTexts, ...said } = await readJson<StoreJson>(join(folder, `${name}.json`));
  const { store, columns, groups } = said;
  const table = openTable(join(folder, `${name}.rows`), storeSpec);
  const keys = openPackedKeys(join(folder, `${name}.keys`));
  if (keys.length !== table.buckets) {
    throw new FactsError(`${name}.rows and ${name}.keys are not of one scan`);
  }
  return {
    buckets: table.buckets,
    read: (bucket) => ({
      store,
      columns,
      groups: [...groups],
      keys: [],
      packedKeys: keys[bucket],
      table: table.read(bucket),
      deviceTexts: new Map(bucket === 0 ? deviceTexts : []),
    }),
  };
}
