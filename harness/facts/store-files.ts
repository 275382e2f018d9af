/** The scan of one store in the run folder: `<name>.rows`, `<name>.keys`, and `<name>.json` for what else is text. */
import { join } from "node:path";
import { readJson, writeJson } from "./json-file.ts";
import { readPackedKeys, writePackedKeys } from "./packed-keys.ts";
import { type OptionalColumn, type StoreRows, storeSpec } from "./store-rows.ts";
import { readTable, writeTable } from "./table-file.ts";

type StoreJson = {
  readonly schema: 1;
  readonly store: string;
  readonly columns: readonly OptionalColumn[];
  readonly groups: string[];
  readonly deviceTexts: readonly (readonly [number, string])[];
};

/** `name`: `store-elasticsearch`, or `store-elasticsearch-after` for the scan behind a replay. */
export async function writeStoreRows(folder: string, name: string, rows: StoreRows): Promise<void> {
  const { store, columns, groups, keys, deviceTexts } = rows;
  await writeTable(join(folder, `${name}.rows`), rows.table);
  await writePackedKeys(join(folder, `${name}.keys`), keys);
  const json: StoreJson = { schema: 1, store, columns, groups, deviceTexts: [...deviceTexts] };
  await writeJson(join(folder, `${name}.json`), json);
}

/** Errors: `FactsError`. */
export async function readStoreRows(folder: string, name: string): Promise<StoreRows> {
  const json = await readJson<StoreJson>(join(folder, `${name}.json`));
  const { store, columns, groups } = json;
  const table = await readTable(join(folder, `${name}.rows`), storeSpec);
  const packedKeys = await readPackedKeys(join(folder, `${name}.keys`));
  return {
    store,
    columns,
    groups,
    keys: [],
    packedKeys,
    table,
    deviceTexts: new Map(json.deviceTexts),
  };
}
