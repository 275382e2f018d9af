/**
 * Elasticsearch in memory, behind the sink's port: the same bulk bytes, external versions, per-item answers
 * and mapping conflicts, templates, closed indices, and the outages that a test or a fault schedule asks for.
 * Non-goals: search, refresh, shards; what is written is visible at once.
 */
import type { Clock } from "../../pipeline/clock.ts";
import type { JsonObject } from "../../pipeline/kcql/path.ts";
import {
  type ElasticsearchApi,
  ElasticsearchApiError,
  type ListedIndex,
} from "../../pipeline/sinks/elasticsearch/api.ts";
import { objectAt, ownerOf } from "../../pipeline/sinks/elasticsearch/index-template.ts";
import { parseBulk } from "./memory-bulk.ts";
import {
  applyOperation,
  type MemoryDocument,
  type MemoryIndex,
  type MemoryItem,
  refusal,
} from "./memory-index.ts";

/**
 * `down`: no answer. `overloaded`: the whole request is answered 429; `rejecting`: each item of it is.
 * `read-only`: every item is, as after `index.blocks.read_only_allow_delete`. `hanging`: as SIGSTOP; requests
 * wait until their signal gives up.
 */
type ElasticsearchFault = "down" | "overloaded" | "rejecting" | "read-only" | "hanging";

export type MemoryElasticsearch = {
  /** A client; closing it closes nothing else. */
  readonly connect: () => ElasticsearchApi;
  /** Documents by index and `_id`, of closed indices too. */
  readonly indices: ReadonlyMap<string, ReadonlyMap<string, MemoryDocument>>;
  /** Makes an index, as somebody else would: with this mapping. */
  readonly createIndex: (name: string, mapping: JsonObject) => void;
  readonly addPipeline: (name: string) => void;
  readonly fault: (fault: ElasticsearchFault | undefined) => void;
  /** As the index statistics `index_total` and `index_failed_due_to_version_conflict`. */
  readonly statistics: () => { readonly indexed: number; readonly conflicts: number };
};

type Template = { readonly matches: RegExp; readonly body: JsonObject };

/**
 * `latencyMs`: of each answer, by `clock`. `maxRequestBytes`: as `http.max_content_length`. `beginBulk`: called for each
 * bulk; what it returns is asked of each item whether its shard's queue is full.
 */
export function createMemoryElasticsearch(options: {
  readonly clock: Clock;
  readonly latencyMs?: number;
  readonly maxRequestBytes?: number;
  readonly beginBulk?: () => () => boolean;
}): MemoryElasticsearch {
  const { clock, latencyMs = 0, maxRequestBytes = 100 * 1024 * 1024, beginBulk } = options;
  const indices = new Map<string, MemoryIndex>();
  const documents = new Map<string, ReadonlyMap<string, MemoryDocument>>();
  const templates = new Map<string, Template>();
  const pipelines = new Set<string>();
  let fault: ElasticsearchFault | undefined;
  let indexed = 0;
  let conflicts = 0;

  async function answer(signal: AbortSignal): Promise<void> {
    try {
      if (fault === "hanging") await aborted(signal);
      await clock.sleep(latencyMs, signal);
    } catch (cause) {
      throw new ElasticsearchApiError("request given up", undefined, { cause });
    }
    if (fault === "down") throw new ElasticsearchApiError("connection refused", undefined);
    if (fault === "overloaded") throw new ElasticsearchApiError("too many requests", 429);
  }

  function createIndex(name: string, mapping: JsonObject): MemoryIndex {
    const made: MemoryIndex = { mapping, documents: new Map(), deleted: new Map(), state: "open" };
    indices.set(name, made);
    documents.set(name, made.documents);
    return made;
  }

  /** Of the templates that match, the one of the highest priority gives it. */
  function mappingFor(name: string): JsonObject {
    const [first] = [...templates.values()]
      .filter(({ matches }) => matches.test(name))
      .sort((a, b) => Number(b.body["priority"]) - Number(a.body["priority"]));
    return objectAt(objectAt(first?.body, "template"), "mappings") ?? {};
  }

  function apply(item: MemoryItem, isFull: boolean) {
    if (fault === "read-only") {
      return refusal(429, "cluster_block_exception", "read-only / allow delete");
    }
    if (fault === "rejecting" || isFull)
      return refusal(429, "es_rejected_execution_exception", "queue full");
    const index = indices.get(item.index) ?? createIndex(item.index, mappingFor(item.index));
    const known = item.pipeline === undefined || pipelines.has(item.pipeline);
    const applied = known
      ? applyOperation(index, item)
      : refusal(400, "illegal_argument_exception", `no pipeline ${item.pipeline}`);
    if (applied.status < 300 && item.kind !== "delete") indexed++;
    if (applied.status === 409) conflicts++;
    return applied;
  }

  const connect = (): ElasticsearchApi => ({
    bulk: async (body, signal) => {
      await answer(signal);
      if (body.length > maxRequestBytes) throw new ElasticsearchApiError("too large", 413);
      const isFull = beginBulk?.();
      return parseBulk(body).map((item) => apply(item, isFull?.() ?? false));
    },
    readTemplate: async (name, signal) => {
      await answer(signal);
      return templates.get(name)?.body;
    },
    putIndexTemplate: async (name, body, signal) => {
      await answer(signal);
      const patterns = (body as JsonObject)["index_patterns"] as readonly string[];
      templates.set(name, { matches: patternOf(patterns), body: body as JsonObject });
    },
    readMappings: async (pattern, signal) => {
      await answer(signal);
      const open = matching(indices, pattern).filter(([, { state }]) => state === "open");
      return new Map(open.map(([name, { mapping }]) => [name, mapping]));
    },
    hasPipeline: async (name, signal) => {
      await answer(signal);
      return pipelines.has(name);
    },
    listIndices: async (pattern, signal) => {
      await answer(signal);
      return matching(indices, pattern).map(
        ([index, { state, mapping }]): ListedIndex => ({ index, state, job: ownerOf(mapping) }),
      );
    },
    closeIndex: async (name, signal) => {
      await answer(signal);
      const index = indices.get(name);
      if (index !== undefined) index.state = "closed";
    },
    deleteIndex: async (name, signal) => {
      await answer(signal);
      indices.delete(name);
      documents.delete(name);
    },
    close: async () => {},
  });

  return {
    connect,
    indices: documents,
    createIndex: (name, mapping) => void createIndex(name, mapping),
    addPipeline: (name) => void pipelines.add(name),
    fault: (next) => {
      fault = next;
    },
    statistics: () => ({ indexed, conflicts }),
  };
}

function matching(indices: ReadonlyMap<string, MemoryIndex>, pattern: string) {
  const matches = patternOf([pattern]);
  return [...indices].filter(([name]) => matches.test(name));
}

function patternOf(patterns: readonly string[]): RegExp {
  const all = patterns.map((one) => one.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*"));
  return new RegExp(`^(${all.join("|")})$`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
