/**
 * A batch of writes as groups of rows, each of which is one request. Pure; on the job's hot path.
 */
import type { Statement } from "../../kcql/statement.ts";
import { failed, type SinkWrite, type WriteResult } from "../sink.ts";
import type { Row, RowPlan } from "./api.ts";
import type { StatementPlan } from "./open-table.ts";
import { toRow } from "./rows.ts";
import type { CassandraSettings } from "./settings.ts";

export type Plans = ReadonlyMap<Statement, StatementPlan>;

/** Rows of one partition, and their positions within the batch of writes. */
export type RowGroup = {
  readonly plan: RowPlan;
  readonly positions: number[];
  readonly rows: Row[];
};

type Grouping = {
  readonly plans: Plans;
  readonly settings: CassandraSettings;
  /** Epoch milliseconds of the job's clock. */
  readonly nowMs: number;
  /**
   * Gets, by position, the results of writes that do not fit their columns: those are in no group.
   */
  readonly results: WriteResult[];
};

/**
 * Rows that are made at once. While they are, Cassandra works on what is under way; and few are
 * sent before the collector sees them: five times as many cost a sixth of the job's CPU.
 */
const rowsAhead = 100;

/**
 * Rows of one batch: past some tens it is no faster, and Cassandra warns of batches above 5 KiB.
 */
const rowsInBatch = 50;

/** May be taken from by several lanes: each gets the next group. */
export function* groupRows(
  batch: readonly SinkWrite[],
  grouping: Grouping,
): Generator<RowGroup, undefined, undefined> {
  for (let from = 0; from < batch.length; from += rowsAhead) {
    const to = Math.min(from + rowsAhead, batch.length);
    for (const one of group(batch, from, to, grouping)) yield one; // `yield*` hands on slower
  }
}

/** The writes `[from, to)`. */
function group(
  batch: readonly SinkWrite[],
  from: number,
  to: number,
  { plans, settings, nowMs, results }: Grouping,
): readonly RowGroup[] {
  const groups: RowGroup[] = [];
  const open = new Map<string, RowGroup>();
  for (let position = from; position < to; position++) {
    const write = batch[position]!;
    const plan = plans.get(write.statement);
    if (plan === undefined) throw new Error("a write of a statement that the sink does not know");
    const row = toRow(write, plan, settings.missing, nowMs);
    if (typeof row === "string") {
      results[position] = failed(new Error(row));
      continue;
    }
    const most = Math.min(write.statement.batchSize ?? rowsInBatch, rowsInBatch);
    const key = partitionOf(write, row, plan);
    let current = open.get(key);
    if (current !== undefined && current.rows.length < most) {
      current.positions.push(position);
      current.rows.push(row);
      continue;
    }
    const of = write.action === "delete" ? plan.delete! : plan.insert;
    // Most stay alone: an array that was empty would make room for 17.
    current = { plan: of.plan, positions: [position], rows: [row] };
    open.set(key, current);
    groups.push(current);
  }
  return groups;
}

/** Two partitions whose values hold the separator would share a batch, which does no harm. */
function partitionOf({ action }: SinkWrite, { cells }: Row, plan: StatementPlan): string {
  let key = `${plan.id}`;
  if (action === "delete") {
    for (let at = 0; at < plan.partitionColumns; at++) key += `\0${cells[at]}`;
    return `${key}\0delete`;
  }
  for (const column of plan.partitionKey) key += `\0${cells[column]}`;
  return key;
}
