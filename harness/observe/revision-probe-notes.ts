/** Notes what was seen of each key, equal looks in a row as one. In memory; the run writes it at its end. */
import { createSeenTable, type SeenTable } from "../facts/seen-revisions.ts";
import { addValues } from "../facts/table.ts";

type Look = {
  /** Index in the plan. */
  readonly device: number;
  readonly window: number;
  /** NaN: there was no such row. */
  readonly revision: number;
  readonly version: number;
};

export type RevisionNotes = {
  readonly table: SeenTable;
  /** A key that was never there is not noted. `atMs`: wall time, epoch milliseconds. */
  readonly add: (look: Look, atMs: number) => void;
};

/** `store`: what stands for it in the table. */
export function createRevisionNotes(store: number): RevisionNotes {
  const table = createSeenTable();
  /** By key: the row of its last looks. */
  const rowOf = new Map<string, number>();
  return {
    table,
    add({ device, window, revision, version }, atMs) {
      const key = `${device}/${window}`;
      const last = rowOf.get(key);
      if (last === undefined && Number.isNaN(revision)) return;
      const { columns } = table;
      const isSame =
        last !== undefined &&
        Object.is(columns.revision[last], revision) &&
        Object.is(columns.version[last], version);
      if (isSame) {
        columns.lastAtMs[last] = atMs;
        columns.looks[last]! += 1;
        return;
      }
      const times = { firstAtMs: atMs, lastAtMs: atMs, looks: 1 };
      rowOf.set(key, addValues(table, { store, device, window, revision, version, ...times }));
    },
  };
}
