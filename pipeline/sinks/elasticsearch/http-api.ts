/** Elasticsearch over HTTP, through the official client's transport. It repeats nothing: the job does. */
import { Client, errors } from "@elastic/elasticsearch";
import { type BulkItem, type ElasticsearchApi, ElasticsearchApiError } from "./api.ts";
import type { ElasticsearchSettings } from "./settings.ts";

type BulkResponse = {
  readonly items?: readonly { readonly [operation: string]: BulkItem | undefined }[];
};

/** Only what is judged: a whole answer would be as large as the request. */
const judged = "items.*.status,items.*.error.type,items.*.error.reason";

export function httpElasticsearch(settings: ElasticsearchSettings): ElasticsearchApi {
  const client = new Client({
    nodes: [...settings.nodes],
    ...(settings.credentials && { auth: settings.credentials }),
    requestTimeout: settings.writeTimeoutMs,
    maxRetries: 0,
  });
  return {
    bulk: async (body, signal) => {
      const response = await request<BulkResponse>(
        client,
        { method: "POST", path: "/_bulk", querystring: { filter_path: judged }, bulkBody: body },
        signal,
      );
      // An answer that names no items at all stands for an empty list, which the caller finds too short.
      return (response.items ?? []).map((item) => item["index"] ?? { status: 0 });
    },
    putIndexTemplate: async (name, body, signal) => {
      const path = `/_index_template/${encodeURIComponent(name)}`;
      await request(client, { method: "PUT", path, body }, signal);
    },
    close: () => client.close(),
  };
}

type TransportRequest = Parameters<Client["transport"]["request"]>[0];

async function request<T>(client: Client, what: TransportRequest, signal: AbortSignal): Promise<T> {
  try {
    return await client.transport.request<T>(what, { signal });
  } catch (error) {
    const status = error instanceof errors.ResponseError ? error.statusCode : undefined;
    const message = error instanceof Error ? error.message : String(error);
    throw new ElasticsearchApiError(`Elasticsearch, ${what.path}: ${message}`, status, error);
  }
}
