/**
 * Reads every document of a run's indices, all days. Evidence, so: refreshed first, one point in
 * time, every shard or none, and the count of what was read must equal what the store says it
 * holds. A search counts the shards that it was sent to, so how many there are is asked elsewhere.
 * No aggregations.
 * Source: Elasticsearch 8.19 reference, "Paginate search results", search_after with a point in
 * time.
 */
import type { Client, estypes } from "@elastic/elasticsearch";
import { openElasticsearch } from "./elasticsearch-client.ts";
import { StoreReadError } from "./store-error.ts";
import type { ScanOptions } from "./store-scan.ts";
import type { ScanTaker } from "./take-scan.ts";

export type ElasticsearchScanOptions = ScanOptions & {
  readonly node: string;
  /** Index pattern, for example `<run>-temperatures-*`; what stands before the `*` names the target. */
  readonly indices: string;
};

/** The server refuses more than 10,000 by default; half of it keeps a response near 2 MB. */
const pageSize = 5_000;
const keepAlive = "60s";
/** Two readers: while one page is parsed here, the server gathers the other's. */
const slices = 2;

/**
 * Errors: `StoreReadError` when the store does not answer whole; the signal's reason when aborted.
 */
export async function readElasticsearch(
  options: ElasticsearchScanOptions,
  taker: ScanTaker,
): Promise<void> {
  const { node, indices, signal } = options;
  const client = openElasticsearch(node);
  try {
    const refreshed = await client.indices.refresh(
      { index: indices, expand_wildcards: "all" },
      { signal },
    );
    requireAllShards("refresh", refreshed._shards);
    // No index, no document: a pattern that matches none is an empty store, not an error.
    if (refreshed._shards?.total === 0) return;
    // Before the point in time: an index that comes up in between is only one more.
    const shards = await countShards(client, indices, signal);
    const opened = await client.openPointInTime(
      { index: indices, keep_alive: keepAlive, expand_wildcards: "all" },
      { signal },
    );
    try {
      const readers = Array.from({ length: slices }, (_, id) =>
        readSlice(client, opened.id, { id, max: slices, shards }, taker, options),
      );
      await Promise.all(readers);
    } finally {
      // One that cannot be closed expires by itself.
      await client.closePointInTime({ id: opened.id }).catch(() => undefined);
    }
  } catch (error) {
    if (signal.aborted || error instanceof StoreReadError) throw error;
    const message = `Elasticsearch could not be read: ${(error as Error).message}`;
    throw new StoreReadError("unreachable", message, error);
  } finally {
    await client.close();
  }
}

async function readSlice(
  client: Client,
  pit: string,
  { shards, ...slice }: { id: number; max: number; shards: number },
  taker: ScanTaker,
  { indices, signal, onProgress }: ElasticsearchScanOptions,
): Promise<void> {
  const base = indices.indexOf("*");
  let after: estypes.SortResults | undefined;
  let read = 0;
  let held = 0;
  for (;;) {
    const page = await client.search<Record<string, unknown>>(
      {
        pit: { id: pit, keep_alive: keepAlive },
        slice: { id: String(slice.id), max: slice.max },
        size: pageSize,
        sort: [{ _shard_doc: "asc" }],
        // Counted once: on every page it would cost a pass over the index each time.
        track_total_hits: after === undefined,
        ...(after === undefined ? {} : { search_after: after }),
      },
      { signal },
    );
    requireWhole(page, shards);
    const { hits, total } = page.hits;
    if (typeof total === "object") held = total.value;
    for (const hit of hits) {
      const place = hit._index.slice(Math.max(0, base));
      taker.add({
        group: hit._index,
        place,
        key: hit._id ?? "",
        fields: hit._source ?? {},
      });
    }
    read += hits.length;
    onProgress?.(taker.count);
    after = hits.at(-1)?.sort;
    if (hits.length < pageSize || after === undefined) break;
  }
  if (read === held) return;
  const message = `Elasticsearch said ${held} documents and gave ${read} in slice ${slice.id}.`;
  throw new StoreReadError("partial", message);
}

/** As the indices were made: whether a shard answers, or is there at all, does not change it. */
async function countShards(client: Client, indices: string, signal: AbortSignal): Promise<number> {
  const found = await client.indices.getSettings(
    { index: indices, name: shardSetting, flat_settings: true, expand_wildcards: "all" },
    { signal },
  );
  const counts = Object.values(found).map(({ settings }) =>
    Number((settings as Readonly<Record<string, unknown>> | undefined)?.[shardSetting]),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const shardSetting = "index.number_of_shards";

/** `shards`: how many there are at least. */
function requireWhole({ timed_out, _shards }: estypes.SearchResponse, shards: number): void {
  if (timed_out) throw new StoreReadError("partial", "Elasticsearch timed out within a search.");
  requireAllShards("search", _shards);
  if (_shards.total >= shards) return;
  const message = `Elasticsearch searched ${_shards.total} of the ${shards} shards that there are.`;
  throw new StoreReadError("partial", message);
}

function requireAllShards(what: string, shards: estypes.ShardStatistics | undefined): void {
  if (shards === undefined || shards.failed === 0) return;
  const { failed, total } = shards;
  const message = `${failed} of ${total} shards of Elasticsearch failed in a ${what}.`;
  throw new StoreReadError("partial", message);
}
