/**
 * Writes documents to Elasticsearch by bulk requests, with external versions taken from the event. Every
 * item of an answer is read; an item refused as not newer was applied before. What belongs into an index past
 * its days is not even sent: an index that is retired never comes back.
 */
import type { Statement } from "../../kcql/statement.ts";
import { runBounded } from "../run-bounded.ts";
import type { Sink, SinkWrite, WriteResult } from "../sink.ts";
import type { ElasticsearchApi } from "./api.ts";
import { indexNames } from "./index-names.ts";
import { openIndices } from "./open-indices.ts";
import { newestOnly, type Placed, placeWrite } from "./place-write.ts";
import { createRetirement } from "./retirement.ts";
import { pastBefore } from "./retirement-plan.ts";
import { cutBulks, type Sending, sendBulk } from "./send-bulk.ts";
import type { ElasticsearchSettings } from "./settings.ts";

/** While one bulk is answered the next is on its way; more only fills the server's queue. */
const bulksInFlight = 2;

/**
 * `now`: the job's clock in epoch milliseconds, by which indices are past their days.
 * Errors: `SinkError` "refused" when a statement names no possible index.
 */
export function createElasticsearchSink(options: {
  readonly api: ElasticsearchApi;
  readonly settings: ElasticsearchSettings;
  readonly statements: readonly Statement[];
  readonly now: () => number;
}): Sink {
  const { api, settings, statements, now } = options;
  const { retirement, job, mergeUpserts } = settings;
  const names = new Map(statements.map((statement) => [statement, indexNames(statement)]));

  async function write(
    batch: readonly SinkWrite[],
    signal: AbortSignal,
  ): Promise<readonly WriteResult[]> {
    const pastMs = pastBefore(retirement, now());
    const placing = { names, separator: settings.pkSeparator, mergeUpserts, pastMs };
    const results = new Array<WriteResult>(batch.length);
    const placed = batch.map((one, position): Placed | undefined => {
      const found = placeWrite(one, placing);
      if ("place" in found) return found;
      results[position] = found;
      return undefined;
    });
    const isPast = ({ place }: Placed): boolean => place.endMs <= pastBefore(retirement, now());
    const sending = { api, placed, results, isPast, signal };
    await sendAll(newestOnly(placed, results), sending, settings.batchSize);
    return results;
  }

  return {
    open: async (signal) => {
      const pastMs = pastBefore(retirement, now());
      for (const [statement, own] of names) {
        await openIndices({ api, settings, statement, names: own, pastMs, signal });
      }
    },
    write,
    ...(retirement && {
      retirement: createRetirement({ api, names: [...names.values()], job, retirement, now }),
    }),
    close: () => api.close(),
  };
}

/**
 * Bulks of one size each, no larger than their number asks for: 3,000 writes go as 1,500 and 1,500,
 * so that a small one is not waited for alone at the end. Those that merge go one after the other:
 * their order is all they have.
 */
async function sendAll(
  positions: readonly number[],
  sending: Sending,
  batchSize: number,
): Promise<void> {
  const { placed } = sending;
  const sizeOf = ({ write }: Placed): number => write.statement.batchSize ?? batchSize;
  const groups = Map.groupBy(positions, (position) => {
    const one = placed[position]!;
    return one.merges ? -sizeOf(one) : sizeOf(one);
  });
  for (const group of groups.values()) {
    const first = placed[group[0]!]!;
    const bulks = cutBulks(placed, group, evenly(group.length, sizeOf(first)));
    const limit = first.merges ? 1 : bulksInFlight;
    await runBounded(bulks.length, limit, (at) => sendBulk(bulks[at]!, sending));
  }
}

/** The size of as many equal parts as `limit` makes necessary. */
function evenly(count: number, limit: number): number {
  return Math.ceil(count / Math.ceil(count / limit));
}
