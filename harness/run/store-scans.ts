/**
 * The scans of a run's stores, all stores at once: into its facts, or into a folder of what its replays hold against one
 * another. Nothing of them is kept in memory.
 */
import { existsSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { type HoldScanOptions, holdScan } from "../observe/hold-scan.ts";
import { recordScan } from "../observe/record-scan.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreTarget } from "../replay/new-store-names.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { RunContext } from "./run-context.ts";
import { type StoreContext, storeAccess } from "./stores.ts";
import type { Troubles } from "./troubles.ts";

/** What a scan of the run's stores needs beside them: a place for what it reads. */
type ScanContext = StoreContext & Pick<RunContext, "folder">;

/**
 * Keeps all rows on file, for a replay to hold them against others (`dropHeld`). A store that cannot be read is left
 * out, and a trouble.
 */
export async function scanStores(
  context: ScanContext,
  troubles: Pick<Troubles, "attempt">,
  onProgress: (rows: number) => void,
  target?: StoreTarget,
): Promise<ReadonlyMap<StoreName, StoreScan>> {
  return ofEachStore(context, troubles, onProgress, (store, note) => {
    const access = storeAccess(context, store, target);
    return holdScan(holding(context, store), (taker) => access.read(taker, note));
  });
}

/**
 * What the run's own stores hold, into its facts: all rows, of which nothing is kept in memory. `hold`: for a replay, as
 * `scanStores` does; else the scans of the stores that could be read are undefined.
 */
export async function recordStores(
  context: ScanContext,
  troubles: Pick<Troubles, "attempt">,
  onProgress: (rows: number) => void,
  hold: boolean,
): Promise<ReadonlyMap<StoreName, { readonly scan: StoreScan | undefined }>> {
  const { scenario, plan, folder } = context;
  return ofEachStore(context, troubles, onProgress, async (store, note) => {
    const access = storeAccess(context, store);
    const options = { folder: folder.factsFolder, store, mapping: scenario.stores[store], plan };
    let scan: StoreScan | undefined;
    await recordScan(options, async (also) => {
      if (!hold) await access.read(also, note);
      else {
        const held = { ...holding(context, store), also };
        scan = await holdScan(held, (taker) => access.read(taker, note));
      }
    });
    return { scan };
  });
}

/** No replay of this run asks for any of it any more. */
export async function dropHeld({ folder }: Pick<RunContext, "folder">): Promise<void> {
  await rm(folder.file("held"), { recursive: true, force: true });
}

/** The folder, there since the first call, of what replays hold against one another. */
export function heldIn({ folder }: Pick<RunContext, "folder">): string {
  const held = folder.file("held");
  if (!existsSync(held)) mkdirSync(held);
  return held;
}

function holding(context: ScanContext, store: StoreName): HoldScanOptions {
  const { scenario, plan } = context;
  return { folder: heldIn(context), store, mapping: scenario.stores[store], plan };
}

/** One store after the other would leave one of two cores idle; both together take the time of the slower. */
async function ofEachStore<T>(
  context: StoreContext,
  troubles: Pick<Troubles, "attempt">,
  onProgress: (rows: number) => void,
  read: (store: StoreName, note: (rows: number) => void) => Promise<T>,
): Promise<ReadonlyMap<StoreName, T>> {
  const rows = new Map<StoreName, number>();
  const scans = context.jobs.map(async ({ store }) => {
    const note = (seen: number): void => {
      rows.set(store, seen);
      onProgress([...rows.values()].reduce((sum, count) => sum + count, 0));
    };
    const work = (): Promise<T> => read(store, note);
    return [store, await troubles.attempt(`the scan of ${store}`, work, undefined)] as const;
  });
  const found = await Promise.all(scans);
  return new Map(found.flatMap(([store, scan]) => (scan === undefined ? [] : [[store, scan]])));
}
