/**
 * The stores of a run, by name: how each is scanned, asked for evidence, and polled for visibility. Of the run's own
 * indices and table, or of those that another job fills (`target`).
 */
import { existsSync, mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { cassandraEvidence } from "../observe/cassandra-evidence.ts";
import { cassandraPoll } from "../observe/cassandra-poll.ts";
import { readCassandra } from "../observe/cassandra-scan.ts";
import { elasticsearchEvidence } from "../observe/elasticsearch-evidence.ts";
import { elasticsearchPoll } from "../observe/elasticsearch-poll.ts";
import { readElasticsearch } from "../observe/elasticsearch-scan.ts";
import { type HoldScanOptions, holdScan } from "../observe/hold-scan.ts";
import { recordScan } from "../observe/record-scan.ts";
import type { RevisionPoll } from "../observe/revision-probe.ts";
import type { StoreEvidence } from "../observe/store-evidence.ts";
import type { ScanTaker, StoreScan } from "../observe/store-scan.ts";
import type { StoreTarget } from "../replay/new-store-names.ts";
import { deleteIndices, truncateTable } from "../replay/wipe-store.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { RunContext } from "./run-context.ts";
import type { Troubles } from "./troubles.ts";

/** What of a run must be known to look into its stores: also when it is over. */
export type StoreContext = Pick<
  RunContext,
  "names" | "stack" | "scenario" | "plan" | "signal" | "jobs"
>;

export type StoreAccess = {
  /** Every row, to the taker. Returns the fewest writes that they can have been, where the store does not count rows. */
  readonly read: (
    taker: ScanTaker,
    onProgress: (rows: number) => void,
  ) => Promise<number | undefined>;
  readonly evidence: () => Promise<StoreEvidence>;
  readonly poll: () => RevisionPoll;
};

export function storeAccess(
  context: Omit<StoreContext, "jobs">,
  store: StoreName,
  target: StoreTarget = context.names,
): StoreAccess {
  const { stack, scenario, signal } = context;
  const mapping = scenario.stores[store];
  if (store === "elasticsearch") {
    const at = { node: stack.elasticsearch.node, indices: target.indices };
    return {
      read: async (taker, onProgress) => {
        await readElasticsearch({ ...at, signal, onProgress }, taker);
        return undefined;
      },
      evidence: () => elasticsearchEvidence({ ...at, signal }),
      poll: () => elasticsearchPoll({ ...at, mapping }),
    };
  }
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  const { keyspace, table } = target;
  const at = { contactPoint, port, localDataCenter, keyspace, table };
  return {
    read: (taker, onProgress) => readCassandra({ ...at, signal, onProgress }, taker),
    evidence: () => cassandraEvidence(at),
    poll: () => cassandraPoll({ ...at, mapping }),
  };
}

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

/** Takes everything of this run out of a store; its job must stand still. Errors: `ReplayError`. */
export async function wipeStore(
  { names, stack, signal }: Pick<StoreContext, "names" | "stack" | "signal">,
  store: StoreName,
): Promise<void> {
  const { indices, keyspace, table } = names;
  if (store === "elasticsearch") {
    return deleteIndices({ node: stack.elasticsearch.node, indices, signal });
  }
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  return truncateTable({ contactPoint, port, localDataCenter, keyspace, table });
}

/** Errors: `StoreReadError` when one of them does not answer. */
export async function evidenceOfStores(
  context: StoreContext,
  target?: StoreTarget,
): Promise<ReadonlyMap<StoreName, StoreEvidence>> {
  const found = context.jobs.map(
    async ({ store }) => [store, await storeAccess(context, store, target).evidence()] as const,
  );
  return new Map(await Promise.all(found));
}
