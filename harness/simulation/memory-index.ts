/** One index in memory: its documents, their versions, and what its mapping refuses. */
import { isJsonObject, type JsonObject } from "../../pipeline/kcql/path.ts";
import type { BulkItem } from "../../pipeline/sinks/elasticsearch/api.ts";
import { objectAt } from "../../pipeline/sinks/elasticsearch/index-template.ts";

export type MemoryDocument = { readonly version: number; readonly source: JsonObject };

export type MemoryIndex = {
  readonly mapping: JsonObject;
  readonly documents: Map<string, MemoryDocument>;
  /** Versions of what was deleted, by `_id`; the real one forgets them after a minute (`index.gc_deletes`). */
  readonly deleted: Map<string, number>;
  state: "open" | "closed";
};

/** One operation of a bulk. */
export type MemoryItem = {
  readonly kind: "index" | "update" | "delete";
  readonly index: string;
  readonly id: string;
  /** External; without one the next is taken. */
  readonly version: number | undefined;
  readonly pipeline: string | undefined;
  /** Of an update the fields to merge. */
  readonly source: JsonObject;
};

/** Lucene's limit for one term. */
const maxTermBytes = 32_766;

export function applyOperation(index: MemoryIndex, item: MemoryItem): BulkItem {
  if (index.state === "closed") return refusal(400, "index_closed_exception", "closed");
  const { id, kind, version } = item;
  const held = index.documents.get(id);
  const current = held?.version ?? index.deleted.get(id);
  if (version !== undefined && current !== undefined && current >= version) {
    return refusal(409, "version_conflict_engine_exception", `current is ${current}`);
  }
  const next = version ?? (current ?? 0) + 1;
  if (kind === "delete") {
    index.documents.delete(id);
    index.deleted.set(id, next);
    return { status: held === undefined ? 404 : 200 };
  }
  const source = kind === "update" ? merged(held?.source ?? {}, item.source) : item.source;
  const conflict = conflictOf(source, index.mapping, "");
  if (conflict !== undefined) return refusal(400, "document_parsing_exception", conflict);
  index.deleted.delete(id);
  index.documents.set(id, { version: next, source });
  return { status: held === undefined ? 201 : 200 };
}

export function refusal(status: number, type: string, reason: string): BulkItem {
  return { status, error: { type, reason } };
}

/** Objects are merged, everything else is replaced. */
function merged(into: JsonObject, from: JsonObject): JsonObject {
  const all: Record<string, unknown> = { ...into };
  for (const [name, value] of Object.entries(from)) {
    const held = all[name];
    all[name] = isJsonObject(held) && isJsonObject(value) ? merged(held, value) : value;
  }
  return all;
}

/** What Elasticsearch would say of the first value that its field cannot hold. */
function conflictOf(source: JsonObject, mapping: JsonObject, prefix: string): string | undefined {
  const properties = objectAt(mapping, "properties");
  for (const [name, value] of Object.entries(source)) {
    const field = objectAt(properties, name) ?? {};
    const type = field["type"];
    if (isJsonObject(value) && type === undefined) {
      const inner = conflictOf(value, field, `${prefix}${name}.`);
      if (inner !== undefined) return inner;
    } else if (!isTaken(value, type)) {
      return `failed to parse field [${prefix}${name}] of type [${String(type)}]`;
    }
  }
  return undefined;
}

/** Strings of numbers are numbers to Elasticsearch; a field that no mapping names is one keyword, or a number. */
function isTaken(value: unknown, type: unknown): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.every((one) => isTaken(one, type));
  if (isJsonObject(value)) return type === undefined || type === "object";
  if (type === undefined || type === "keyword") {
    return typeof value !== "string" || Buffer.byteLength(value) <= maxTermBytes;
  }
  return value !== "" && typeof value !== "boolean" && Number.isFinite(Number(value));
}
