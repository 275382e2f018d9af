/** Reads a store to its end and keeps all of it in memory, as only a test can afford to. */
import { collectScan, type KeptScan } from "../../../harness/observe/store-scan.ts";
import type { DeviceLookup, ScanTaker } from "../../../harness/observe/take-scan.ts";
import type { StoreMapping, StoreName } from "../../../harness/scenario/scenario.ts";

/** `read`: every row to the taker. A number that it returns is the fewest writes; else each row is one. */
export async function keptScan(
  of: { readonly store: StoreName; readonly mapping: StoreMapping; readonly plan: DeviceLookup },
  read: (taker: ScanTaker) => Promise<unknown>,
): Promise<KeptScan> {
  const collector = collectScan(of.store, of.mapping, of.plan);
  const leastWrites = await read(collector);
  return collector.finish(typeof leastWrites === "number" ? leastWrites : undefined);
}
