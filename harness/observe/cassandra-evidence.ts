/**
 * Cassandra's own count of the writes to a table, from `system_views.local_write_latency`. It
 * counts mutations: the rows of one partition that arrive in one batch are one. Since the node's
 * start, in memory.
 */
import { type CassandraAddress, openCassandra, unreachable } from "./cassandra-client.ts";
import type { StoreEvidence } from "./store-evidence.ts";

export async function cassandraEvidence(
  options: CassandraAddress & { readonly keyspace: string; readonly table: string },
): Promise<StoreEvidence> {
  const client = openCassandra(options);
  try {
    await client.connect();
    // A virtual table answers from the node that is asked: a cluster's others are not in the sum.
    const { rows } = await client.execute(
      "SELECT count FROM system_views.local_write_latency " +
        "WHERE keyspace_name = ? AND table_name = ?",
      [options.keyspace, options.table],
    );
    const writes = rows.length === 0 ? 0 : Number(rows[0]!["count"]);
    return { store: "cassandra", writes, notNewer: null };
  } catch (error) {
    throw unreachable(error);
  } finally {
    await client.shutdown();
  }
}
