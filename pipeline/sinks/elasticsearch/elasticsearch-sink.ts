/**
 * Writes documents to Elasticsearch by bulk requests, with external versions taken from the event. Every
 * item of an answer is read; an item refused as not newer was applied before.
 */
import { checkSuffix } from "../../kcql/index-suffix.ts";
import type { Statement } from "../../kcql/statement.ts";
import { runBounded } from "../run-bounded.ts";
import {
  failed,
  notNewer,
  retriable,
  type Sink,
  SinkError,
  type SinkWrite,
  type WriteResult,
} from "../sink.ts";
import { type ElasticsearchApi, ElasticsearchApiError, isPassing } from "./api.ts";
import { createBulkBody, isOneLine } from "./bulk-body.ts";
import { judgeItem } from "./bulk-item.ts";
import { documentId, maxIdBytes } from "./document-id.ts";
import { indexTemplate, indexTemplateName } from "./index-template.ts";
import type { ElasticsearchSettings } from "./settings.ts";

/** Bytes of one bulk: larger ones are no faster, and `http.max_content_length` is 100 MB at most. */
const maxBulkBytes = 5 * 1024 * 1024;

/** While one bulk is answered the next is on its way; more only fills the server's queue. */
const bulksInFlight = 2;

type Placed = { readonly write: SinkWrite; readonly index: string; readonly id: string };

/** Positions of one bulk's writes within the batch. */
type Chunk = { readonly body: Buffer; readonly positions: readonly number[] };

export function createElasticsearchSink(options: {
  readonly api: ElasticsearchApi;
  readonly settings: ElasticsearchSettings;
  readonly statements: readonly Statement[];
}): Sink {
  const { api, settings, statements } = options;
  const indexOf = indexNames(statements);
  return {
    open: async (signal) => {
      for (const statement of statements) {
        if (!statement.autoCreate) continue;
        await putTemplate(api, statement, settings, signal);
      }
    },
    write: async (batch, signal) => {
      const results: WriteResult[] = new Array(batch.length);
      const placed = batch.map((write): Placed => {
        const id = documentId(write.id, settings.pkSeparator);
        return { write, index: indexOf(write), id };
      });
      const positions = sortOut(placed, results);
      const chunks = cut(placed, positions, settings.batchSize);
      const send = (chunk: Chunk): Promise<void> => sendChunk(api, placed, chunk, results, signal);
      await runBounded(chunks.length, bulksInFlight, (at) => send(chunks[at]!));
      return results;
    },
    close: () => api.close(),
  };
}

function indexNames(statements: readonly Statement[]): (write: SinkWrite) => string {
  const formats = new Map<Statement, (timeMs: number) => string>();
  for (const statement of statements) {
    const suffix = checkSuffix(statement.indexSuffix ?? "");
    if (!suffix.ok) throw new SinkError("refused", suffix.message);
    formats.set(statement, suffix.format);
  }
  return ({ statement, timeMs }) => statement.target + formats.get(statement)!(timeMs);
}

async function putTemplate(
  api: ElasticsearchApi,
  statement: Statement,
  settings: ElasticsearchSettings,
  signal: AbortSignal,
): Promise<void> {
  const name = indexTemplateName(statement);
  try {
    await api.putIndexTemplate(name, indexTemplate(statement, settings), signal);
  } catch (cause) {
    const passing = cause instanceof ElasticsearchApiError && isPassing(cause.status);
    const message = `cannot put the index template ${name}: ${messageOf(cause)}`;
    throw new SinkError(passing ? "unavailable" : "refused", message, { cause });
  }
}

/**
 * Positions to send. Of writes to one document only the newest is sent: two bulks under way at once have
 * no order, and the older is overtaken anyhow. A batch counts as done only when all its writes are.
 */
function sortOut(placed: readonly Placed[], results: WriteResult[]): readonly number[] {
  const newest = new Map<string, number>();
  placed.forEach(({ write, index, id }, position) => {
    if (id.length * 3 > maxIdBytes && Buffer.byteLength(id) > maxIdBytes) {
      results[position] = failed(new Error(`the document's id is longer than ${maxIdBytes} bytes`));
      return;
    }
    const key = `${index}/${id}`;
    const other = newest.get(key);
    if (other !== undefined) {
      const isOlder = write.version <= placed[other]!.write.version;
      results[isOlder ? position : other] = notNewer;
      if (isOlder) return;
    }
    newest.set(key, position);
  });
  return [...newest.values()];
}

function cut(placed: readonly Placed[], positions: readonly number[], size: number): Chunk[] {
  const chunks: Chunk[] = [];
  let at = 0;
  while (at < positions.length) {
    const body = createBulkBody(size, maxBulkBytes);
    const first = at;
    while (at < positions.length && body.add(operation(placed[positions[at]!]!))) at++;
    chunks.push({ body: body.take(), positions: positions.slice(first, at) });
  }
  return chunks;
}

function operation({ write, index, id }: Placed) {
  const { json, document, version } = write;
  const source = json !== undefined && isOneLine(json) ? json : document;
  return { index, id, version, source };
}

async function sendChunk(
  api: ElasticsearchApi,
  placed: readonly Placed[],
  { body, positions }: Chunk,
  results: WriteResult[],
  signal: AbortSignal,
): Promise<void> {
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
      results[position] = judgeItem(items[at]!);
    });
  } catch (error) {
    if (!(error instanceof ElasticsearchApiError)) throw error;
    if (error.status === 413 && positions.length > 1) {
      // Too large for this server or a proxy before it: in halves, down to the one document that is.
      const half = Math.ceil(positions.length / 2);
      for (const part of cut(placed, positions, half)) {
        await sendChunk(api, placed, part, results, signal);
      }
      return;
    }
    const overloaded = error.status === 429;
    all(isPassing(error.status) ? retriable(error, overloaded) : failed(error));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
