/**
 * The scan of a store straight into the run folder, row by row: nothing of it is kept in memory but a block of rows for
 * each bucket. For a store that is held against nothing but the ledger; a replay holds two scans against one another
 * (`collectScan`).
 */
import type { Plan } from "../../simulator/plan.ts";
import { bucketsOf } from "../facts/buckets.ts";
import { openStoreFiles } from "../facts/store-files.ts";
import type { StoreMapping, StoreName } from "../scenario/scenario.ts";
import { mappedColumns, type ScanTaker, takeScan } from "./take-scan.ts";

export type RecordScanOptions = {
  /** Of the facts. */
  readonly folder: string;
  readonly store: StoreName;
  readonly mapping: StoreMapping;
  readonly plan: Plan;
};

/**
 * `read` gives every row of the store to the taker, or throws: then nothing is left on file. Errors: those of `read`;
 * `FactsError` when the disk refuses.
 */
export async function recordScan(
  { folder, store, mapping, plan }: RecordScanOptions,
  read: (taker: ScanTaker) => Promise<unknown>,
): Promise<void> {
  const files = openStoreFiles(folder, `store-${store}`, bucketsOf(plan));
  const taker = takeScan(mapping, plan, files);
  try {
    await read(taker);
  } catch (error) {
    await files.drop();
    throw error;
  }
  await files.end({ store, columns: mappedColumns(mapping), groups: taker.groups });
}
