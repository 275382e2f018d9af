/**
 * What the stores show when the pipeline is at rest, put on file. Where replays follow, which hold it against what the
 * stores show afterwards, the rows are kept as well; else memory does not grow with the run.
 */
import { bucketsOf } from "../facts/buckets.ts";
import { writeStores } from "../facts/run-facts.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { RunContext } from "./run-context.ts";
import { recordStores, scanStores } from "./stores.ts";
import type { Troubles } from "./troubles.ts";

export type SeenStores = {
  /** Those that could be read. */
  readonly stores: readonly StoreName[];
  /** Empty for a run without replays. */
  readonly scans: ReadonlyMap<StoreName, StoreScan>;
};

/** `onProgress`: rows read so far, in all stores. */
export async function lookAtStores(
  context: RunContext,
  troubles: Pick<Troubles, "attempt">,
  onProgress: (rows: number) => void,
): Promise<SeenStores> {
  const { scenario, plan } = context;
  const folder = context.folder.factsFolder;
  if (scenario.replay.length === 0) {
    const stores = await recordStores({ ...context, folder }, troubles, onProgress);
    return { stores, scans: new Map() };
  }
  const scans = await scanStores(context, troubles, onProgress);
  const rows = [...scans.values()].map((scan) => scan.rows);
  await writeStores(folder, rows, bucketsOf(plan));
  return { stores: [...scans.keys()], scans };
}
