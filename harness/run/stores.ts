/**
 * The stores of a run, by name: how each is scanned, asked for evidence, and polled for visibility. Of the run's own
 * indices and table, or of those that another job fills (`target`).
 */
import { cassandraEvidence } from "../observe/cassandra-evidence.ts";
import { cassandraPoll } from "../observe/cassandra-poll.ts";
import { readCassandra, scanCassandra } from "../observe/cassandra-scan.ts";
import { elasticsearchEvidence } from "../observe/elasticsearch-evidence.ts";
import { elasticsearchPoll } from "../observe/elasticsearch-poll.ts";
import { readElasticsearch, scanElasticsearch } from "../observe/elasticsearch-scan.ts";
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
  /** Every row, kept in memory. */
  readonly scan: (onProgress: (rows: number) => void) => Promise<StoreScan>;
  /** Every row, to the taker. */
  readonly read: (taker: ScanTaker, onProgress: (rows: number) => void) => Promise<unknown>;
  readonly evidence: () => Promise<StoreEvidence>;
  readonly poll: () => RevisionPoll;
};

export function storeAccess(
  context: Omit<StoreContext, "jobs">,
  store: StoreName,
  target: StoreTarget = context.names,
): StoreAccess {
  const { stack, scenario, plan, signal } = context;
  const mapping = scenario.stores[store];
  if (store === "elasticsearch") {
    const at = { node: stack.elasticsearch.node, indices: target.indices };
    return {
      scan: (onProgress) => scanElasticsearch({ ...at, mapping, plan, signal, onProgress }),
      read: (taker, onProgress) => readElasticsearch({ ...at, signal, onProgress }, taker),
      evidence: () => elasticsearchEvidence({ ...at, signal }),
      poll: () => elasticsearchPoll({ ...at, mapping }),
    };
  }
  const { contactPoint, port, localDataCenter } = stack.cassandra;
  const { keyspace, table } = target;
  const at = { contactPoint, port, localDataCenter, keyspace, table };
  return {
    scan: (onProgress) => scanCassandra({ ...at, mapping, plan, signal, onProgress }),
    read: (taker, onProgress) => readCassandra({ ...at, signal, onProgress }, taker),
    evidence: () => cassandraEvidence(at),
    poll: () => cassandraPoll({ ...at, mapping }),
  };
}

/** Keeps all rows, for a replay to hold them against others. A store that cannot be read is left out, and a trouble. */
export async function scanStores(
  context: StoreContext,
  troubles: Pick<Troubles, "attempt">,
  onProgress: (rows: number) => void,
  target?: StoreTarget,
): Promise<ReadonlyMap<StoreName, StoreScan>> {
  return ofEachStore(context, troubles, onProgress, (store, note) =>
    storeAccess(context, store, target).scan(note),
  );
}

/** Puts all rows on file in `folder` and keeps none. Returns the stores that could be read. */
export async function recordStores(
  context: StoreContext & { readonly folder: string },
  troubles: Pick<Troubles, "attempt">,
  onProgress: (rows: number) => void,
): Promise<readonly StoreName[]> {
  const { scenario, plan, folder } = context;
  const recorded = await ofEachStore(context, troubles, onProgress, async (store, note) => {
    const access = storeAccess(context, store);
    const options = { folder, store, mapping: scenario.stores[store], plan };
    await recordScan(options, (taker) => access.read(taker, note));
    return true;
  });
  return [...recorded.keys()];
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
