/** A write as a row of its statement's plan, or why it is none. Pure; on the job's hot path. */
import { documentOf, type SinkWrite } from "../sink.ts";
import type { Cell, Row } from "./api.ts";
import { describeMisfit } from "./cells.ts";
import type { CompiledPlan, StatementPlan } from "./open-table.ts";
import type { CassandraSettings } from "./settings.ts";

/** Seconds in 20 years: the most that Cassandra takes. */
const maxTtlSeconds = 630_720_000;

/**
 * `nowMs`: epoch milliseconds of the job's clock, from which a TTL counts. The row, or a sentence.
 */
export function toRow(
  write: SinkWrite,
  plan: StatementPlan,
  missing: CassandraSettings["missing"],
  nowMs: number,
): Row | string {
  return write.action === "delete" ? deletion(write, plan) : insertion(write, plan, missing, nowMs);
}

function insertion(
  write: SinkWrite,
  { insert, key, lifts }: StatementPlan,
  missing: CassandraSettings["missing"],
  nowMs: number,
): Row | string {
  const { statement, version, timeMs } = write;
  const document = documentOf(write);
  const { columns } = insert.plan;
  const cells: Cell[] = new Array(columns.length);
  const absent = missing === "null" ? null : undefined;
  for (let at = 0; at < columns.length; at++) {
    const { name } = columns[at]!;
    const value = document[name];
    if (value === undefined || value === null) {
      if (key.has(at)) return `the key '${name}' is missing`;
      cells[at] = absent;
      continue;
    }
    const cell = insert.read[at]!(value);
    if (cell === undefined) return misfit(insert, at, value);
    cells[at] = cell;
  }
  if (lifts) {
    const strange = Object.keys(document).find((name) => !columns.some((of) => of.name === name));
    if (strange !== undefined) return `the table has no column '${strange}'`;
  }
  const ttlSeconds = ttlOf(statement.ttlSeconds, timeMs, nowMs);
  return { cells, timestampMicros: version, ttlSeconds };
}

function deletion({ id, version }: SinkWrite, plan: StatementPlan): Row | string {
  if (plan.delete === undefined) return "a tombstone says which row to delete by PK: there is none";
  const cells: Cell[] = [];
  for (const [at, position] of plan.delete.from.entries()) {
    const value = id[position];
    if (value === undefined) return `the key '${plan.delete.plan.columns[at]!.name}' is missing`;
    const cell = plan.delete.read[at]!(value);
    if (cell === undefined) return misfit(plan.delete, at, value);
    cells.push(cell);
  }
  return { cells, timestampMicros: version, ttlSeconds: undefined };
}

/**
 * A TTL ends at event time + TTL, whenever the row is written; where that is past, the row still
 * lives for a second.
 */
function ttlOf(ttlSeconds: number | undefined, timeMs: number, nowMs: number): number | undefined {
  if (ttlSeconds === undefined) return undefined;
  const left = Math.ceil((timeMs - nowMs) / 1000 + ttlSeconds);
  return Math.min(Math.max(1, left), maxTtlSeconds);
}

function misfit({ plan, types }: CompiledPlan, at: number, value: unknown): string {
  return describeMisfit(plan.columns[at]!, types[at]!, value);
}
