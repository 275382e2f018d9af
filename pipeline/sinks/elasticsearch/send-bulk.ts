/**
 * Sends writes as bulks and sorts out the answers: one result for each. A bulk that is refused as a whole, because
 * of its size or of one write in it, is sent again in halves, down to the write that is to blame.
 */
import { documentOf, failed, retriable, type WriteResult } from "../sink.ts";
import { blockType, type ElasticsearchApi, ElasticsearchApiError, isPassing } from "./api.ts";
import { asSinkError } from "./api-fault.ts";
import { type BulkOperation, createBulkBody, isOneLine } from "./bulk-body.ts";
import { judgeItem } from "./bulk-item.ts";
import type { Placed } from "./place-write.ts";

/** Bytes of one bulk: larger ones are no faster, and `http.max_content_length` is 100 MB at most. */
const maxBulkBytes = 5 * 1024 * 1024;

/** Positions of one bulk's writes within the batch. */
export type Bulk = { readonly body: Buffer; readonly positions: readonly number[] };

export type Sending = {
  readonly api: ElasticsearchApi;
  readonly placed: readonly (Placed | undefined)[];
  readonly results: (WriteResult | undefined)[];
  /** Has this write's index been retired in the meantime? */
  readonly isPast: (placed: Placed) => boolean;
  readonly signal: AbortSignal;
};

/** `limit`: of the writes in one bulk. */
export function cutBulks(
  placed: Sending["placed"],
  positions: readonly number[],
  limit: number,
): Bulk[] {
  const bulks: Bulk[] = [];
  let at = 0;
  let expected: number | undefined;
  while (at < positions.length) {
    const body = createBulkBody(limit, maxBulkBytes, expected);
    const first = at;
    while (at < positions.length && body.add(operationOf(placed[positions[at]!]!))) at++;
    const bytes = body.take();
    bulks.push({ body: bytes, positions: positions.slice(first, at) });
    expected = Math.ceil(bytes.length * 1.1);
  }
  return bulks;
}

function operationOf({ write, place, id, merges }: Placed): BulkOperation {
  const { json, version, action, statement } = write;
  const index = place.quoted;
  if (action === "delete") {
    return { kind: "delete", index, id, version: merges ? undefined : version };
  }
  const source = json !== undefined && isOneLine(json) ? json : documentOf(write);
  if (merges) return { kind: "merge", index, id, source };
  return { kind: "index", index, id, version, source, pipeline: statement.pipeline };
}

/** Never rejects but for a fault of the program. */
export async function sendBulk(bulk: Bulk, sending: Sending): Promise<void> {
  const { api, placed, results, isPast, signal } = sending;
  const { body, positions } = bulk;
  const all = (result: WriteResult): void => {
    for (const position of positions) results[position] = result;
  };
  try {
    const items = await api.bulk(body, signal);
    if (items.length !== positions.length) {
      const counts = `${items.length} items answered, ${positions.length} sent`;
      return all(retriable(new Error(`a bulk answer that does not fit: ${counts}`)));
    }
    positions.forEach((position, at) => {
      const one = placed[position]!;
      const { action } = one.write;
      results[position] = judgeItem(items[at]!, { action, isPast: () => isPast(one) });
    });
  } catch (error) {
    if (!(error instanceof ElasticsearchApiError)) throw error;
    if (isOfOneWrite(error) && positions.length > 1) {
      for (const half of cutBulks(placed, positions, Math.ceil(positions.length / 2))) {
        await sendBulk(half, sending);
      }
      return;
    }
    all(judgeRequest(error, body.length));
  }
}

/** Too large for this server or a proxy before it, or not understood: a single write may be to blame. */
function isOfOneWrite({ status }: ElasticsearchApiError): boolean {
  return status === 413 || status === 400;
}

function judgeRequest(error: ElasticsearchApiError, bytes: number): WriteResult {
  const { status, type } = error;
  if (status === 413) {
    const sentence = `the document is ${bytes} bytes, more than Elasticsearch, or a proxy before it, takes`;
    return failed(new Error(`${sentence} (http.max_content_length)`, { cause: error }));
  }
  if (type === blockType) return retriable(error, { definite: true });
  const overloaded = status === 429;
  if (isPassing(status)) return retriable(error, { overloaded, definite: overloaded });
  return failed(asSinkError("the document cannot be stored", error));
}
