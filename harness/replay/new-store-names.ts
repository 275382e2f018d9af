/** What a new store and its job are called, after the old ones. Pure. */
import type { RunNames } from "../../pipeline/contract/names.ts";

/** Where rows lie in the two stores; the names of a run are one such target. */
export type StoreTarget = Pick<RunNames, "indices" | "keyspace" | "table">;

/** The indices and the table that the jobs of the `nth` new store fill. `run`: the run's id. */
export function targetOfNewStore(names: StoreTarget, run: string, nth: number): StoreTarget {
  const indices = `${run}-new${nth}${names.indices.slice(run.length)}`;
  return { indices, keyspace: names.keyspace, table: tableOfNewStore(names.table, nth) };
}

export function tableOfNewStore(table: string, nth: number): string {
  return `${table}_new${nth}`;
}

/** Of the job's name, of its stage (`elasticsearch`), of its processes (`job-elasticsearch`). */
export function jobOfNewStore(name: string, nth: number): string {
  return `${name}-new${nth}`;
}
