/**
 * Cassandra in memory, behind the sink's port: cells with write times, of which the newer wins and, at the
 * same time, the larger value; TTLs by the clock; and the outages that a test or a fault schedule asks for.
 * Non-goals: CQL, replicas, consistency levels, tombstones.
 */
import type { Clock } from "../../pipeline/clock.ts";
import {
  type CassandraApi,
  CassandraApiError,
  type Cell,
  type InsertPlan,
  type Row,
  type Table,
} from "../../pipeline/sinks/cassandra/api.ts";

/** `down`: no host answers. `hanging`: as SIGSTOP; requests wait until their signal gives up. */
type CassandraFault = "down" | "overloaded" | "hanging";

type MemoryRow = Readonly<Record<string, Exclude<Cell, undefined>>>;

export type MemoryCassandra = {
  /** A session; closing it closes nothing else. */
  readonly connect: () => CassandraApi;
  /** Rows that have not expired, by primary key (JSON of its cells). */
  readonly rows: (keyspace: string, table: string) => ReadonlyMap<string, MemoryRow>;
  readonly fault: (fault: CassandraFault | undefined) => void;
  /** Rows written since the start, replaced or not. */
  readonly writes: () => number;
};

type StoredCell = {
  readonly value: Exclude<Cell, undefined>;
  readonly timestampMicros: number;
  readonly expiresAtMs: number;
};

type StoredTable = { readonly table: Table; readonly rows: Map<string, Map<string, StoredCell>> };

/** `latencyMs`: of each answer, by `clock`. */
export function createMemoryCassandra(options: {
  readonly clock: Clock;
  readonly latencyMs?: number;
}): MemoryCassandra {
  const { clock, latencyMs = 0 } = options;
  const keyspaces = new Set<string>();
  const tables = new Map<string, StoredTable>();
  let fault: CassandraFault | undefined;
  let writes = 0;

  async function answer(signal?: AbortSignal): Promise<void> {
    try {
      if (fault === "hanging") await aborted(signal);
      await clock.sleep(latencyMs, signal);
    } catch (cause) {
      throw new CassandraApiError("request given up", { passing: true, cause });
    }
    if (fault === "down") throw new CassandraApiError("no host answers", { passing: true });
    if (fault === "overloaded") {
      throw new CassandraApiError("overloaded", { passing: true, overloaded: true });
    }
  }

  function insert(plan: InsertPlan, row: Row): void {
    const { table, rows } = tables.get(`${plan.keyspace}.${plan.table}`) ?? noTable(plan);
    const cell = (name: string): Cell => row.cells[plan.columns.findIndex((c) => c.name === name)];
    const key = JSON.stringify([...table.partitionKey, ...table.clusteringKey].map(cell));
    const cells = rows.get(key) ?? new Map<string, StoredCell>();
    rows.set(key, cells);
    writes++;
    const { timestampMicros, ttlSeconds } = row;
    const livesMs = ttlSeconds === undefined ? Number.POSITIVE_INFINITY : ttlSeconds * 1000;
    for (const [at, { name }] of plan.columns.entries()) {
      const value = row.cells[at];
      if (value === undefined) continue;
      const written = { value, timestampMicros, expiresAtMs: clock.now() + livesMs };
      if (wins(written, cells.get(name))) cells.set(name, written);
    }
  }

  const connect = (): CassandraApi => ({
    connect: () => answer(),
    createKeyspace: async (keyspace) => {
      await answer();
      keyspaces.add(keyspace);
    },
    createTable: async (table) => {
      await answer();
      const key = `${table.keyspace}.${table.name}`;
      if (!keyspaces.has(table.keyspace)) refuse(`Keyspace '${table.keyspace}' does not exist`);
      if (!tables.has(key)) tables.set(key, { table, rows: new Map() });
    },
    describeTable: async (keyspace, name) => {
      await answer();
      return tables.get(`${keyspace}.${name}`)?.table;
    },
    insert: async (plan, rows, signal) => {
      await answer(signal);
      for (const row of rows) insert(plan, row);
    },
    close: async () => {},
  });

  return {
    connect,
    rows: (keyspace, table) => readRows(tables.get(`${keyspace}.${table}`), clock.now()),
    fault: (next) => {
      fault = next;
    },
    writes: () => writes,
  };
}

/** Last write wins; of equal times the larger value, as Cassandra compares them. */
function wins(written: StoredCell, current: StoredCell | undefined): boolean {
  if (current === undefined || written.timestampMicros > current.timestampMicros) return true;
  return written.timestampMicros === current.timestampMicros && written.value >= current.value;
}

function readRows(stored: StoredTable | undefined, nowMs: number): ReadonlyMap<string, MemoryRow> {
  const rows = new Map<string, MemoryRow>();
  for (const [key, cells] of stored?.rows ?? []) {
    const live = [...cells].filter(([, { expiresAtMs }]) => expiresAtMs > nowMs);
    const row = Object.fromEntries(live.map(([name, { value }]) => [name, value]));
    if (live.length > 0) rows.set(key, row);
  }
  return rows;
}

function noTable({ keyspace, table }: InsertPlan): never {
  return refuse(`table ${keyspace}.${table} does not exist`);
}

function refuse(message: string): never {
  throw new CassandraApiError(message, { passing: false });
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
