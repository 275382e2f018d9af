/**
 * The rows of one table of Cassandra in memory: cells with write times, of which the newer wins
 * and, at the same time, the larger value, or the deletion; TTLs by the clock; deletions of a row
 * or of all rows that a key begins.
 */
import type { Cell, CellValue, Row, RowPlan, Table } from "../../pipeline/sinks/cassandra/api.ts";

export type MemoryRow = Readonly<Record<string, CellValue>>;

export type MemoryRows = {
  readonly insert: (plan: RowPlan, row: Row) => void;
  /** The cells are a beginning of the primary key, at least the partition key. */
  readonly remove: (row: Row) => void;
  /** What is neither deleted nor expired, by primary key (JSON of its cells). */
  readonly live: () => ReadonlyMap<string, MemoryRow>;
};

type StoredCell = {
  /** null: deleted. */
  readonly value: CellValue | null;
  readonly timestampMicros: number;
  readonly expiresAtMs: number;
};

type StoredRow = { readonly key: readonly Cell[]; readonly cells: Map<string, StoredCell> };

/** `now`: epoch milliseconds. */
export function createMemoryRows(table: Table, now: () => number): MemoryRows {
  const keyColumns = [...table.partitionKey, ...table.clusteringKey];
  const rows = new Map<string, StoredRow>();
  /** Write time of the newest deletion, by the beginning of the primary key that it named. */
  const deletions = new Map<string, number>();

  const deletedUpTo = (key: readonly Cell[]): number => {
    let newest = Number.NEGATIVE_INFINITY;
    for (let length = table.partitionKey.length; length <= key.length; length++) {
      const deletion = deletions.get(JSON.stringify(key.slice(0, length)));
      if (deletion !== undefined) newest = Math.max(newest, deletion);
    }
    return newest;
  };

  return {
    insert: (plan, { cells, timestampMicros, ttlSeconds }) => {
      const cell = (name: string): Cell => cells[plan.columns.findIndex((c) => c.name === name)];
      const key = keyColumns.map(cell);
      const name = JSON.stringify(key);
      const row = rows.get(name) ?? { key, cells: new Map<string, StoredCell>() };
      rows.set(name, row);
      const livesMs = ttlSeconds === undefined ? Number.POSITIVE_INFINITY : ttlSeconds * 1000;
      for (const [at, column] of plan.columns.entries()) {
        const value = cells[at];
        if (value === undefined) continue;
        const written = { value, timestampMicros, expiresAtMs: now() + livesMs };
        if (wins(written, row.cells.get(column.name))) row.cells.set(column.name, written);
      }
    },
    remove: ({ cells, timestampMicros }) => {
      const name = JSON.stringify(cells);
      deletions.set(name, Math.max(timestampMicros, deletions.get(name) ?? timestampMicros));
    },
    live: () => {
      const at = now();
      const found = new Map<string, MemoryRow>();
      for (const [name, { key, cells }] of rows) {
        const deleted = deletions.size === 0 ? Number.NEGATIVE_INFINITY : deletedUpTo(key);
        const row: Record<string, CellValue> = {};
        for (const [column, { value, timestampMicros, expiresAtMs }] of cells) {
          if (value === null || timestampMicros <= deleted || expiresAtMs <= at) continue;
          row[column] = value;
        }
        if (Object.keys(row).length > 0) found.set(name, row);
      }
      return found;
    },
  };
}

function wins(written: StoredCell, current: StoredCell | undefined): boolean {
  if (current === undefined || written.timestampMicros > current.timestampMicros) return true;
  if (written.timestampMicros < current.timestampMicros) return false;
  if (written.value === null || current.value === null) return written.value === null;
  return written.value >= current.value;
}
