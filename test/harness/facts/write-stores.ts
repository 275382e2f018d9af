/** Puts scans on file that are in memory whole. */
import type { Buckets } from "../../../harness/facts/buckets.ts";
import { openStoreFiles } from "../../../harness/facts/store-files.ts";
import type { StoreRows } from "../../../harness/facts/store-rows.ts";
import { rowOf } from "../../../harness/facts/table.ts";

export async function writeStores(
  folder: string,
  stores: Iterable<StoreRows>,
  buckets: Buckets,
): Promise<void> {
  for (const rows of stores) {
    const files = openStoreFiles(folder, `store-${rows.store}`, buckets);
    for (let row = 0; row < rows.table.length; row++) {
      files.add(rowOf(rows.table, row), rows.keys[row], rows.deviceTexts.get(row));
    }
    await files.end(rows);
  }
}
