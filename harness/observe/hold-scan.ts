/**
 * The scan of a store that a replay holds against another one: its rows, keys and fingerprints go to files, divided by
 * key, so that what is to be compared lies in the same bucket of both, whatever its fields, and its index, have become.
 * In memory are the digest and a block of rows for each bucket.
 */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../simulator/plan.ts";
import { keyPartition } from "../expected/key-partition.ts";
import { bucketsOf } from "../facts/buckets.ts";
import { openStoredScan, openStoreFiles, type StoredScan } from "../facts/store-files.ts";
import { openTable, type TableFile } from "../facts/table-file.ts";
import { createTableWriter } from "../facts/table-writer.ts";
import type { StoreMapping, StoreName } from "../scenario/scenario.ts";
import { createDigestSum, type Fingerprints, fingerprintOf } from "./store-digest.ts";
import type { HeldRows, StoreScan } from "./store-scan.ts";
import { mappedColumns, type ScanTaker, takeScan } from "./take-scan.ts";

export type HoldScanOptions = {
  /** Where the files go, in a folder of their own; whoever made it takes it away when no scan is asked any more. */
  readonly folder: string;
  readonly store: StoreName;
  readonly mapping: StoreMapping;
  readonly plan: Plan;
  /** Takes every row as well. */
  readonly also?: Pick<ScanTaker, "add">;
};

const printSpec = { a: "u32", b: "u32", c: "u32", d: "u32" } as const;

/**
 * `read` gives every row of the store to the taker and returns how many writes they are at least, where the store counts
 * otherwise than by rows. Errors: those of `read`; `FactsError` when the disk refuses.
 */
export async function holdScan(
  options: HoldScanOptions,
  read: (taker: ScanTaker) => Promise<number | undefined>,
): Promise<StoreScan> {
  const { store, mapping, plan, also } = options;
  const { many } = bucketsOf(plan);
  const folder = mkdtempSync(join(options.folder, `${store}-`));
  const files = openStoreFiles(folder, store, { many, of: () => bucket });
  const prints = createTableWriter(join(folder, `${store}.prints`), printSpec, many);
  const digest = createDigestSum();
  const places: string[] = [];
  /** Of the row that is being taken. */
  let bucket = 0;
  const taker = takeScan(mapping, plan, {
    add: (values, key) => files.add(values, key, undefined),
  });
  const holder: ScanTaker = {
    get count() {
      return taker.count;
    },
    add: (row) => {
      const { group, place = group, key, fields } = row;
      const name = `${place}/${key}`;
      const print = fingerprintOf(name, fields);
      bucket = keyPartition(Buffer.from(key), many);
      digest.add(print, 0);
      prints.add({ a: print[0]!, b: print[1]!, c: print[2]!, d: print[3]! }, bucket);
      taker.add(row);
      also?.add(row);
      if (taker.groups.length > places.length) places.push(place);
    },
  };
  let leastWrites: number | undefined;
  try {
    leastWrites = await read(holder);
  } catch (error) {
    await files.drop();
    throw error;
  } finally {
    prints.end();
  }
  await files.end({ store, columns: mappedColumns(mapping), groups: taker.groups });
  const stored = await openStoredScan(folder, store);
  const printed = openTable(join(folder, `${store}.prints`), printSpec);
  return {
    count: taker.count,
    digest: digest.text(),
    leastWrites: leastWrites ?? taker.count,
    buckets: many,
    read: (nth) => heldRows(stored, printed, places, nth),
  };
}

function heldRows(
  stored: StoredScan,
  printed: TableFile<typeof printSpec>,
  places: readonly string[],
  bucket: number,
): HeldRows {
  const rows = stored.read(bucket);
  const keys = rows.packedKeys?.all() ?? [];
  return { rows: { ...rows, keys, packedKeys: undefined }, places, fingerprints: wordsOf() };

  function wordsOf(): Fingerprints {
    const { length, columns } = printed.read(bucket);
    const words = [columns.a, columns.b, columns.c, columns.d];
    const prints = new Uint32Array(length * words.length);
    for (const [word, column] of words.entries()) {
      for (let row = 0; row < length; row++) prints[row * words.length + word] = column[row]!;
    }
    return prints;
  }
}
