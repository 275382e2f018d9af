/** Elasticsearch over HTTP, through the official client's transport. It repeats nothing: the job does. */
import { Client, errors } from "@elastic/elasticsearch";
import { isJsonObject, type JsonObject } from "../../kcql/path.ts";
import {
  type BulkItem,
  type ElasticsearchApi,
  ElasticsearchApiError,
  type ListedIndex,
} from "./api.ts";
import { objectAt, ownerOf } from "./index-template.ts";
import type { ElasticsearchSettings } from "./settings.ts";

type BulkResponse = { readonly items?: readonly Readonly<Record<string, BulkItem>>[] };

/** Only what is judged: a whole answer would be as large as the request. */
const judged = "items.*.status,items.*.error.type,items.*.error.reason";

/** What matches nothing, or went away in the meantime, is no error. */
const lenient = { allow_no_indices: true, ignore_unavailable: true };

const unknown: BulkItem = { status: 0 };

export function httpElasticsearch(settings: ElasticsearchSettings): ElasticsearchApi {
  const client = new Client({
    nodes: [...settings.nodes],
    ...(settings.credentials && { auth: settings.credentials }),
    requestTimeout: settings.writeTimeoutMs,
    maxRetries: 0,
    // The default copies a failed request into its error key by key, and the body byte by byte: 100 MB for 1 MB.
    redaction: { type: "remove" },
  });
  const ask = <T>(what: TransportRequest, signal: AbortSignal): Promise<T> =>
    request<T>(client, what, signal);
  /** The answer, or undefined where there is nothing of that name. */
  const find = async (path: string, signal: AbortSignal): Promise<JsonObject | undefined> => {
    try {
      return await ask<JsonObject>({ method: "GET", path }, signal);
    } catch (error) {
      if (error instanceof ElasticsearchApiError && error.status === 404) return undefined;
      throw error;
    }
  };
  const mappings = (pattern: string, querystring: object, signal: AbortSignal) =>
    ask<JsonObject>({ method: "GET", path: `/${part(pattern)}/_mapping`, querystring }, signal);

  return {
    bulk: async (body, signal) => {
      const response = await ask<BulkResponse>(
        { method: "POST", path: "/_bulk", querystring: { filter_path: judged }, bulkBody: body },
        signal,
      );
      // An answer that names no items at all stands for an empty list, which the caller finds too short.
      return (response.items ?? []).map(onlyOperation);
    },
    readTemplate: async (name, signal) => {
      const found = await find(`/_index_template/${part(name)}`, signal);
      const [first] = (found?.["index_templates"] ?? []) as readonly JsonObject[];
      return objectAt(first, "index_template");
    },
    putIndexTemplate: async (name, body, signal) => {
      await ask({ method: "PUT", path: `/_index_template/${part(name)}`, body }, signal);
    },
    readMappings: async (pattern, signal) => {
      const found = await mappings(pattern, { ...lenient, expand_wildcards: "open" }, signal);
      const entries = Object.entries(found).filter(([, held]) => isJsonObject(held));
      return new Map(entries.map(([index, held]) => [index, mappingOf(held)]));
    },
    hasPipeline: async (name, signal) =>
      (await find(`/_ingest/pipeline/${part(name)}`, signal)) !== undefined,
    listIndices: async (pattern, signal) => {
      const listed: ListedIndex[] = [];
      for (const state of ["open", "closed"] as const) {
        const only = { filter_path: "*.mappings._meta", expand_wildcards: state };
        const found = await mappings(pattern, { ...lenient, ...only }, signal);
        for (const [index, held] of Object.entries(found)) {
          listed.push({ index, state, job: ownerOf(mappingOf(held)) });
        }
      }
      return listed;
    },
    closeIndex: async (index, signal) => {
      const path = `/${part(index)}/_close`;
      await ask({ method: "POST", path, querystring: { ignore_unavailable: true } }, signal);
    },
    deleteIndex: async (index, signal) => {
      const querystring = { ignore_unavailable: true };
      await ask({ method: "DELETE", path: `/${part(index)}`, querystring }, signal);
    },
    close: () => client.close(),
  };
}

/** Each item is under the name of its operation. */
function onlyOperation(item: Readonly<Record<string, BulkItem>>): BulkItem {
  for (const name in item) return item[name]!;
  return unknown;
}

function mappingOf(held: unknown): JsonObject {
  return (isJsonObject(held) && objectAt(held, "mappings")) || {};
}

function part(name: string): string {
  return encodeURIComponent(name);
}

type TransportRequest = Parameters<Client["transport"]["request"]>[0];

async function request<T>(client: Client, what: TransportRequest, signal: AbortSignal): Promise<T> {
  try {
    return await client.transport.request<T>(what, { signal });
  } catch (error) {
    // The client's own error holds the whole request, its body included, and is left behind.
    const isAnswer = error instanceof errors.ResponseError;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const said = text.replaceAll(/\s+/g, " ");
    throw new ElasticsearchApiError(
      `Elasticsearch, ${what.path}: ${said}`,
      isAnswer ? error.statusCode : undefined,
      { type: isAnswer ? typeOf(error.body) : undefined },
    );
  }
}

function typeOf(body: unknown): string | undefined {
  const type = isJsonObject(body) ? objectAt(body, "error")?.["type"] : undefined;
  return typeof type === "string" ? type : undefined;
}
