/**
 * Writes rows to Cassandra, `USING TIMESTAMP` the version of the event, so that the newer wins in whatever
 * order writes arrive. Rows of one partition share an unlogged batch. An acknowledged write proves that the
 * row holds this version or a newer one; Cassandra cannot say which.
 */
import type { Statement } from "../../kcql/statement.ts";
import { runBounded } from "../run-bounded.ts";
import {
  failed,
  retriable,
  type Sink,
  SinkError,
  type SinkWrite,
  stored,
  type WriteResult,
} from "../sink.ts";
import { type CassandraApi, CassandraApiError, type InsertPlan, type Row } from "./api.ts";
import { toCell } from "./cells.ts";
import { openTable, type StatementPlan } from "./open-table.ts";
import type { CassandraSettings } from "./settings.ts";

/** Requests under way; more only makes the server queue them. */
const requestsInFlight = 128;

/** Rows of one batch: past some tens it is no faster, and Cassandra warns of batches above 5 KiB. */
const rowsInBatch = 50;

type Group = { readonly plan: InsertPlan; readonly positions: number[]; readonly rows: Row[] };

export function createCassandraSink(options: {
  readonly api: CassandraApi;
  readonly settings: CassandraSettings;
  readonly statements: readonly Statement[];
  /** Wall time, epoch milliseconds: a TTL ends at event time + TTL, whenever the row is written. */
  readonly now: () => number;
}): Sink {
  const { api, settings, statements, now } = options;
  const plans = new Map<Statement, StatementPlan>();
  return {
    open: async () => {
      await api.connect().catch(rethrow);
      plans.clear();
      for (const statement of statements) {
        const plan = openTable(api, statement, settings, plans.size);
        plans.set(statement, await plan.catch(rethrow));
      }
    },
    write: async (batch, signal) => {
      const results: WriteResult[] = new Array(batch.length);
      const groups = group(batch, plans, now(), results);
      await runBounded(groups.length, requestsInFlight, (at) =>
        sendGroup(api, groups[at]!, results, signal),
      );
      return results;
    },
    close: () => api.close(),
  };
}

/** Writes by partition, in batches; what does not fit its columns gets its result at once. */
function group(
  batch: readonly SinkWrite[],
  plans: ReadonlyMap<Statement, StatementPlan>,
  nowMs: number,
  results: WriteResult[],
): readonly Group[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  batch.forEach((write, position) => {
    const plan = plans.get(write.statement);
    if (plan === undefined) throw new SinkError("refused", "the sink is not open");
    const row = toRow(write, plan, nowMs);
    if (typeof row === "string") {
      results[position] = failed(new Error(row));
      return;
    }
    // Two partitions whose values hold the separator would share a batch, which does no harm.
    let key = `${plan.id}`;
    for (const column of plan.partitionKey) key += `\0${row.cells[column]}`;
    let current = open.get(key);
    if (current === undefined || current.rows.length === rowsInBatch) {
      current = { plan: plan.insert, positions: [], rows: [] };
      open.set(key, current);
      groups.push(current);
    }
    current.positions.push(position);
    current.rows.push(row);
  });
  return groups;
}

/** The row, or why there is none. */
function toRow(write: SinkWrite, plan: StatementPlan, nowMs: number): Row | string {
  const { document, statement, version, timeMs } = write;
  const { columns } = plan.insert;
  const cells = new Array(columns.length);
  let known = 0;
  for (let at = 0; at < columns.length; at++) {
    const { name, type } = columns[at]!;
    const value = document[name];
    const result = toCell(value, type);
    if (!result.ok) return `column '${name}': ${result.message}`;
    if (value !== undefined) known++;
    if (value === undefined && plan.key.includes(at)) return `the key '${name}' is missing`;
    cells[at] = result.cell;
  }
  if (known !== Object.keys(document).length) {
    const strange = Object.keys(document).find((name) => !columns.some((of) => of.name === name));
    if (strange !== undefined) return `the table has no column '${strange}'`;
  }
  const ttlSeconds =
    statement.ttlSeconds === undefined
      ? undefined
      : Math.max(1, Math.ceil((timeMs - nowMs) / 1000 + statement.ttlSeconds));
  return { cells, timestampMicros: version, ttlSeconds };
}

async function sendGroup(
  api: CassandraApi,
  { plan, positions, rows }: Group,
  results: WriteResult[],
  signal: AbortSignal,
): Promise<void> {
  try {
    await api.insert(plan, rows, signal);
    for (const position of positions) results[position] = stored;
  } catch (error) {
    if (!(error instanceof CassandraApiError)) throw error;
    if (!error.passing && rows.length > 1) {
      // One bad row makes Cassandra refuse the batch: alone, each gets its own answer.
      for (const [at, row] of rows.entries()) {
        await sendGroup(api, { plan, positions: [positions[at]!], rows: [row] }, results, signal);
      }
      return;
    }
    const result = error.passing ? retriable(error, error.overloaded) : failed(error);
    for (const position of positions) results[position] = result;
  }
}

function rethrow(error: unknown): never {
  if (!(error instanceof CassandraApiError)) throw error;
  throw new SinkError(error.passing ? "unavailable" : "refused", error.message, { cause: error });
}
