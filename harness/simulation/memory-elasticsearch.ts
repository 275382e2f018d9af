/**
 * Elasticsearch in memory, behind the sink's port: the same bulk bytes, external versions, per-item answers
 * and mapping conflicts, and the outages that a test or a fault schedule asks for.
 * Non-goals: search, refresh, shards; what is written is visible at once.
 */
import type { Clock } from "../../pipeline/clock.ts";
import { isJsonObject, type JsonObject } from "../../pipeline/kcql/path.ts";
import {
  type BulkItem,
  type ElasticsearchApi,
  ElasticsearchApiError,
} from "../../pipeline/sinks/elasticsearch/api.ts";

type MemoryDocument = { readonly version: number; readonly source: JsonObject };

/**
 * `down`: no answer. `overloaded`: the whole request is answered 429. `read-only`: every item is, as after
 * `index.blocks.read_only_allow_delete`. `hanging`: as SIGSTOP; requests wait until their signal gives up.
 */
type ElasticsearchFault = "down" | "overloaded" | "read-only" | "hanging";

export type MemoryElasticsearch = {
  /** A client; closing it closes nothing else. */
  readonly connect: () => ElasticsearchApi;
  /** Documents by index and `_id`. */
  readonly indices: ReadonlyMap<string, ReadonlyMap<string, MemoryDocument>>;
  readonly fault: (fault: ElasticsearchFault | undefined) => void;
  /** As the index statistics `index_total` and `index_failed_due_to_version_conflict`. */
  readonly statistics: () => { readonly indexed: number; readonly conflicts: number };
};

type Action = { readonly _index: string; readonly _id: string; readonly version: number };

/** Types by dotted path, of the indices that match a pattern. */
type Template = { readonly matches: RegExp; readonly types: ReadonlyMap<string, string> };

/** `latencyMs`: of each answer, by `clock`. */
export function createMemoryElasticsearch(options: {
  readonly clock: Clock;
  readonly latencyMs?: number;
}): MemoryElasticsearch {
  const indices = new Map<string, Map<string, MemoryDocument>>();
  const templates = new Map<string, Template>();
  let fault: ElasticsearchFault | undefined;
  let indexed = 0;
  let conflicts = 0;

  async function answer(signal: AbortSignal): Promise<void> {
    try {
      if (fault === "hanging") await aborted(signal);
      await options.clock.sleep(options.latencyMs ?? 0, signal);
    } catch (cause) {
      throw new ElasticsearchApiError("request given up", undefined, cause);
    }
    if (fault === "down") throw new ElasticsearchApiError("connection refused", undefined);
    if (fault === "overloaded") throw new ElasticsearchApiError("too many requests", 429);
  }

  function index({ _index, _id, version }: Action, source: JsonObject): BulkItem {
    if (fault === "read-only") {
      return refusal(429, "cluster_block_exception", "read-only / allow delete");
    }
    const types = [...templates.values()].find(({ matches }) => matches.test(_index))?.types;
    const conflict = types && mappingConflict(source, types, "");
    if (conflict !== undefined) return refusal(400, "document_parsing_exception", conflict);
    const documents = indices.get(_index) ?? new Map<string, MemoryDocument>();
    indices.set(_index, documents);
    const current = documents.get(_id);
    if (current !== undefined && current.version >= version) {
      conflicts++;
      return refusal(409, "version_conflict_engine_exception", `current is ${current.version}`);
    }
    indexed++;
    documents.set(_id, { version, source });
    return { status: current === undefined ? 201 : 200 };
  }

  return {
    connect: () => ({
      bulk: async (body, signal) => {
        await answer(signal);
        return parseBulk(body).map(([action, source]) => index(action, source));
      },
      putIndexTemplate: async (name, body, signal) => {
        await answer(signal);
        templates.set(name, readTemplate(body as JsonObject));
      },
      close: async () => {},
    }),
    indices,
    fault: (next) => {
      fault = next;
    },
    statistics: () => ({ indexed, conflicts }),
  };
}

function parseBulk(body: Buffer): [Action, JsonObject][] {
  const lines = body.toString("utf8").split("\n");
  if (lines.pop() !== "" || lines.length % 2 !== 0) {
    throw new ElasticsearchApiError("The bulk request must be terminated by a newline", 400);
  }
  const pairs: [Action, JsonObject][] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const { index } = JSON.parse(lines[at]!) as { index: Action };
    pairs.push([index, JSON.parse(lines[at + 1]!) as JsonObject]);
  }
  return pairs;
}

function readTemplate(body: JsonObject): Template {
  const { index_patterns, template } = body as unknown as {
    readonly index_patterns: readonly string[];
    readonly template: { readonly mappings: { readonly properties: JsonObject } };
  };
  const pattern = index_patterns.map((one) => one.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*"));
  const types = new Map<string, string>();
  collectTypes(template.mappings.properties, "", types);
  return { matches: new RegExp(`^(${pattern.join("|")})$`), types };
}

function collectTypes(properties: JsonObject, prefix: string, into: Map<string, string>): void {
  for (const [name, mapping] of Object.entries(properties)) {
    if (!isJsonObject(mapping)) continue;
    if (isJsonObject(mapping["properties"])) {
      collectTypes(mapping["properties"], `${prefix}${name}.`, into);
    } else into.set(prefix + name, String(mapping["type"]));
  }
}

/** What Elasticsearch would say of the first value that its field cannot hold. */
function mappingConflict(
  source: JsonObject,
  types: ReadonlyMap<string, string>,
  prefix: string,
): string | undefined {
  for (const [name, value] of Object.entries(source)) {
    const path = prefix + name;
    const type = types.get(path);
    const isNumber = Number.isFinite(Number(value)) && value !== "";
    if (type === undefined && isJsonObject(value)) {
      const inner = mappingConflict(value, types, `${path}.`);
      if (inner !== undefined) return inner;
    } else if (type === "keyword" ? isJsonObject(value) : type !== undefined && !isNumber) {
      return `failed to parse field [${path}] of type [${type}]`;
    }
  }
  return undefined;
}

function refusal(status: number, type: string, reason: string): BulkItem {
  return { status, error: { type, reason } };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
