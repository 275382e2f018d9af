/**
 * Cassandra in memory, behind the sink's port: the outages that a test or a fault schedule asks
 * for, around tables whose rows are those of `memory-rows.ts`. Non-goals: CQL, replicas,
 * consistency levels.
 */
import type { Clock } from "../../pipeline/clock.ts";
import {
  type CassandraApi,
  CassandraApiError,
  type Row,
  type RowPlan,
  type Table,
} from "../../pipeline/sinks/cassandra/api.ts";
import { createMemoryRows, type MemoryRow, type MemoryRows } from "./memory-rows.ts";

/**
 * `down`: no host answers. `hanging`: as SIGSTOP; requests wait until their signal gives up.
 * `overloaded` and `unavailable` (too few replicas): what Cassandra says before it tries.
 */
type CassandraFault = "down" | "hanging" | "overloaded" | "unavailable";

/**
 * What one mutation may hold: half a segment of the commit log, in bytes; here, in characters of
 * text.
 */
const maxMutation = 16 * 1024 * 1024;

export type MemoryCassandra = {
  /** A session; closing it closes nothing else. */
  readonly connect: () => CassandraApi;
  /** As somebody else would, by hand. */
  readonly createTable: (table: Table) => void;
  /** Rows that have not expired, by primary key (JSON of its cells). */
  readonly rows: (keyspace: string, table: string) => ReadonlyMap<string, MemoryRow>;
  readonly fault: (fault: CassandraFault | undefined) => void;
  /** Rows written or deleted since the start, replaced or not. */
  readonly writes: () => number;
};

/** `latencyMs`: of each answer, by `clock`. */
export function createMemoryCassandra(options: {
  readonly clock: Clock;
  readonly latencyMs?: number;
}): MemoryCassandra {
  const { clock, latencyMs = 0 } = options;
  const keyspaces = new Set<string>();
  const tables = new Map<string, { readonly table: Table; readonly rows: MemoryRows }>();
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
    if (fault === "overloaded" || fault === "unavailable") {
      const overloaded = fault === "overloaded";
      throw new CassandraApiError(fault, { passing: true, overloaded, definite: true });
    }
  }

  function createTable(table: Table): void {
    const key = `${table.keyspace}.${table.name}`;
    if (!tables.has(key)) tables.set(key, { table, rows: createMemoryRows(table, clock.now) });
  }

  const connect = (): CassandraApi => ({
    connect: () => answer(),
    createKeyspace: async (keyspace) => {
      await answer();
      keyspaces.add(keyspace);
    },
    createTable: async (table) => {
      await answer();
      if (!keyspaces.has(table.keyspace)) refuse(`Keyspace '${table.keyspace}' does not exist`);
      createTable(table);
    },
    describeTable: async (keyspace, name) => {
      await answer();
      const found = tables.get(`${keyspace}.${name}`)?.table;
      return found ?? (keyspaces.has(keyspace) ? "no-table" : "no-keyspace");
    },
    apply: async (plan, rows, signal) => {
      await answer(signal);
      const found = tables.get(`${plan.keyspace}.${plan.table}`) ?? noTable(plan);
      if (textOf(rows) > maxMutation) refuse("Mutation is too large");
      for (const row of rows) {
        writes++;
        if (plan.action === "delete") found.rows.remove(row);
        else found.rows.insert(plan, row);
      }
    },
    close: async () => {},
  });

  return {
    connect,
    createTable: (table) => {
      keyspaces.add(table.keyspace);
      createTable(table);
    },
    rows: (keyspace, table) => tables.get(`${keyspace}.${table}`)?.rows.live() ?? new Map(),
    fault: (next) => {
      fault = next;
    },
    writes: () => writes,
  };
}

function textOf(rows: readonly Row[]): number {
  const lengths = rows
    .flatMap(({ cells }) => cells)
    .map((cell) => (typeof cell === "string" ? cell.length : 0));
  return lengths.reduce((sum, length) => sum + length, 0);
}

function noTable({ keyspace, table }: RowPlan): never {
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
