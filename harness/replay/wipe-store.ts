/** Empties a store of a run, as an operator does who is going to rebuild it. */
import { type CassandraAddress, openCassandra, quoted } from "../observe/cassandra-client.ts";
import { openElasticsearch } from "../observe/elasticsearch-client.ts";
import { ReplayError } from "./replay-error.ts";

/**
 * Deletes the indices of the pattern, by their names: Elasticsearch deletes none by a pattern. Errors: `ReplayError`;
 * the signal's reason.
 */
export async function deleteIndices(options: {
  readonly node: string;
  readonly indices: string;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { node, indices, signal } = options;
  const client = openElasticsearch(node);
  try {
    const found = await client.indices.get(
      { index: indices, filter_path: "*.aliases" },
      { signal },
    );
    const names = Object.keys(found);
    if (names.length > 0) await client.indices.delete({ index: names }, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const message = `Elasticsearch did not delete ${indices}: ${(error as Error).message}`;
    throw new ReplayError("refused", message, error);
  } finally {
    await client.close();
  }
}

/** Errors: `ReplayError`. */
export async function truncateTable(
  options: CassandraAddress & { readonly keyspace: string; readonly table: string },
): Promise<void> {
  const { keyspace, table } = options;
  const client = openCassandra(options);
  try {
    await client.execute(`TRUNCATE ${quoted(keyspace)}.${quoted(table)}`);
  } catch (error) {
    const message = `Cassandra did not empty ${keyspace}.${table}: ${(error as Error).message}`;
    throw new ReplayError("refused", message, error);
  } finally {
    await client.shutdown();
  }
}
