/** Which of the targets' rows Cassandra returns, by their key. */
import { types } from "cassandra-driver";
import type { StoreMapping } from "../scenario/scenario.ts";
import { type CassandraAddress, openCassandra, quoted, tableKey } from "./cassandra-client.ts";
import type { RevisionPoll, SeenRow } from "./revision-probe.ts";
import { StoreReadError } from "./store-error.ts";
import type { ProbeTarget } from "./visibility-probe.ts";

const selectsAtOnce = 64;
/** A server that stands still: the next poll asks again. */
const readTimeoutMs = 5_000;

/**
 * The table's key may hold the device, the window's start and the UTC day of the start (any `date`
 * column): what else it holds cannot be known before the row is seen, and is refused at the first
 * poll.
 */
export function cassandraPoll(
  options: CassandraAddress & {
    readonly keyspace: string;
    readonly table: string;
    readonly mapping: StoreMapping;
  },
): RevisionPoll {
  const { keyspace, table, mapping } = options;
  const client = openCassandra(options, readTimeoutMs);
  type Select = { readonly query: string; readonly values: (target: ProbeTarget) => unknown[] };
  let select: Select | undefined;
  const { version } = mapping;
  const revisionColumn = mapping.revision ?? mapping.count;

  async function prepare(): Promise<Select | undefined> {
    const key = await tableKey(client, keyspace, table);
    if (key === undefined) return undefined;
    const columns = [...key.partition, ...key.clustering];
    const values = columns.map(({ name, isDate }) => {
      if (name === mapping.device) return (target: ProbeTarget): unknown => target.device;
      if (name === mapping.window) return (target: ProbeTarget): unknown => target.windowStart;
      if (isDate) return (target: ProbeTarget): unknown => dayOf(target.windowStart);
      const message = `${keyspace}.${table} has ${name} in its key: no look-up by device and window.`;
      throw new StoreReadError("unsupported", message);
    });
    const names = [mapping.device, revisionColumn, ...(version === undefined ? [] : [version])];
    const where = columns.map(({ name }) => `${quoted(name)} = ?`).join(" AND ");
    return {
      query:
        `SELECT ${names.map(quoted).join(", ")} FROM ${quoted(keyspace)}.${quoted(table)} ` +
        `WHERE ${where}`,
      values: (target) => values.map((value) => value(target)),
    };
  }

  return {
    async seen(targets, signal) {
      select ??= await prepare();
      // The job has not made its table yet: nothing is visible.
      if (select === undefined) return [];
      const { query, values } = select;
      const seen: SeenRow[] = [];
      for (let from = 0; from < targets.length; from += selectsAtOnce) {
        signal.throwIfAborted();
        const asked = targets.slice(from, from + selectsAtOnce);
        const pages = await Promise.all(asked.map((one) => client.execute(query, values(one))));
        pages.forEach((page, index) => {
          const row = page.first() as types.Row | null; // Null when there is none, whatever its type says.
          if (row === null) return;
          const { device, windowStart } = asked[index]!;
          const revision = numberIn(row[revisionColumn]);
          const seenVersion = version === undefined ? Number.NaN : numberIn(row[version]);
          seen.push({ device, windowStart, revision, version: seenVersion });
        });
      }
      return seen;
    },
    close: () => client.shutdown(),
  };
}

function dayOf(ms: number): types.LocalDate {
  return types.LocalDate.fromString(new Date(ms).toISOString().slice(0, 10));
}

/** Large integers come as objects of the driver's own. */
function numberIn(value: unknown): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}
