/**
 * Writes rows to Cassandra, `USING TIMESTAMP` the version of the event, so that the newer wins in
 * whatever order writes arrive. Rows of one partition share an unlogged batch. An acknowledged
 * write proves that the row holds this version or a newer one; Cassandra cannot say which.
 */
import type { Statement } from "../../kcql/statement.ts";
import { createSharedLanes } from "../shared-lanes.ts";
import { failed, retriable, type Sink, SinkError, stored, type WriteResult } from "../sink.ts";
import { type CassandraApi, CassandraApiError } from "./api.ts";
import { openTable, type StatementPlan } from "./open-table.ts";
import { groupRows, type Plans, type RowGroup } from "./row-groups.ts";
import type { CassandraSettings } from "./settings.ts";
import { untilAborted } from "./until-aborted.ts";

/** Requests under way, of all batches; more only makes the server queue them. */
const requestsInFlight = 128;

export function createCassandraSink(options: {
  readonly api: CassandraApi;
  readonly settings: CassandraSettings;
  readonly statements: readonly Statement[];
  /**
   * Epoch milliseconds of the job's clock: a TTL ends at event time + TTL, whenever the row is
   * written.
   */
  readonly now: () => number;
}): Sink {
  const { api, settings, statements, now } = options;
  const sendAll = createSharedLanes(requestsInFlight);
  let plans: Plans | undefined;
  const openAll = async (): Promise<Plans> => {
    await api.connect();
    const opened = new Map<Statement, StatementPlan>();
    for (const statement of statements) {
      opened.set(statement, await openTable(api, statement, settings, opened.size));
    }
    return opened;
  };
  return {
    open: async (signal) => {
      plans = await untilAborted(openAll(), signal).catch(rethrow);
      if (plans === undefined) throw new SinkError("unavailable", "opening was given up");
    },
    write: async (batch, signal) => {
      if (plans === undefined) throw new SinkError("refused", "the sink is not open");
      const results: WriteResult[] = new Array(batch.length);
      const groups = groupRows(batch, { plans, settings, nowMs: now(), results });
      const send = (group: RowGroup): Promise<void> => sendGroup(api, group, results, signal);
      await untilAborted(sendAll(groups, send), signal);
      // A copy: what is answered later is no longer this batch's business.
      return signal.aborted ? Array.from(results, (result) => result ?? givenUp()) : results;
    },
    close: () => api.close(),
  };
}

/** No `async`: hot, and each layer of promises costs a row half a microsecond. */
function sendGroup(
  api: CassandraApi,
  group: RowGroup,
  results: WriteResult[],
  signal: AbortSignal,
): Promise<void> {
  const { plan, positions, rows } = group;
  return api.apply(plan, rows, signal).then(
    () => {
      for (const position of positions) results[position] = stored;
    },
    (error: unknown) => sortFailure(api, group, error, results, signal),
  );
}

/** What is to become of a group that was refused or not answered. */
async function sortFailure(
  api: CassandraApi,
  { plan, positions, rows }: RowGroup,
  error: unknown,
  results: WriteResult[],
  signal: AbortSignal,
): Promise<void> {
  if (!(error instanceof CassandraApiError)) throw error;
  const { passing, overloaded, definite } = error;
  if (!passing && rows.length > 1) {
    // Too large, or one bad row makes Cassandra refuse the batch: in halves, down to that row.
    const middle = rows.length >> 1;
    for (const [from, to] of [
      [0, middle],
      [middle, rows.length],
    ]) {
      const half = { plan, positions: positions.slice(from, to), rows: rows.slice(from, to) };
      await sendGroup(api, half, results, signal);
    }
    return;
  }
  const result = passing ? retriable(error, { overloaded, definite }) : failed(error);
  for (const position of positions) results[position] = result;
}

function givenUp(): WriteResult {
  return retriable(new Error("Cassandra had not answered when the write was given up"));
}

function rethrow(error: unknown): never {
  if (!(error instanceof CassandraApiError)) throw error;
  throw new SinkError(error.passing ? "unavailable" : "refused", error.message, { cause: error });
}
