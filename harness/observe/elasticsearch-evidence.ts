/**
 * Elasticsearch's own count of index operations, from the primaries alone: a replica repeats each
 * of them. `index_total` counts those that succeeded, `index_failed` the others, refused versions
 * included.
 */
import { openElasticsearch } from "./elasticsearch-client.ts";
import { StoreReadError } from "./store-error.ts";
import type { StoreEvidence } from "./store-evidence.ts";

/** Errors: `StoreReadError` when the store does not answer; the signal's reason when aborted. */
export async function elasticsearchEvidence(options: {
  readonly node: string;
  readonly indices: string;
  readonly signal: AbortSignal;
}): Promise<StoreEvidence> {
  const client = openElasticsearch(options.node);
  try {
    const stats = await client.indices.stats(
      { index: options.indices, metric: "indexing" },
      { signal: options.signal },
    );
    const indexing = stats._all.primaries?.indexing as IndexingStats | undefined;
    const total = indexing?.index_total ?? 0;
    const failed = indexing?.index_failed ?? 0;
    const notNewer = indexing?.index_failed_due_to_version_conflict ?? 0;
    return { store: "elasticsearch", writes: total + failed, notNewer };
  } catch (error) {
    if (options.signal.aborted) throw error;
    const message = `Elasticsearch's statistics could not be read: ${(error as Error).message}`;
    throw new StoreReadError("unreachable", message, error);
  } finally {
    await client.close();
  }
}

/** The client's own type does not know the last of them. */
type IndexingStats = {
  readonly index_total?: number;
  readonly index_failed?: number;
  readonly index_failed_due_to_version_conflict?: number;
};
