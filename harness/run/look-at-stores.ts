/**
 * What the stores show when the pipeline is at rest, put on file. Where replays follow, which hold it against what the
 * stores show afterwards, it is put there a second time, so that it can be; memory does not grow with the run.
 */
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { RunContext } from "./run-context.ts";
import { recordStores } from "./store-scans.ts";
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
  const isHeld = context.scenario.replay.length > 0;
  const recorded = await recordStores(context, troubles, onProgress, isHeld);
  const scans = [...recorded].flatMap(([store, { scan }]) =>
    scan === undefined ? [] : [[store, scan] as const],
  );
  return { stores: [...recorded.keys()], scans: new Map(scans) };
}
