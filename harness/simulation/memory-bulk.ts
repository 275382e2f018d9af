/** The bytes of a bulk request, read as Elasticsearch reads them: one line an action, and one its source. */
import type { JsonObject } from "../../pipeline/kcql/path.ts";
import { ElasticsearchApiError } from "../../pipeline/sinks/elasticsearch/api.ts";
import type { MemoryItem } from "./memory-index.ts";

type Action = {
  readonly _index: string;
  readonly _id: string;
  readonly version?: number;
  readonly version_type?: string;
  readonly pipeline?: string;
};

/** Errors: `ElasticsearchApiError` 400 for what refuses the request as a whole. */
export function parseBulk(body: Buffer): readonly MemoryItem[] {
  const lines = body.toString("utf8").split("\n");
  if (lines.pop() !== "") throw malformed("must be terminated by a newline");
  const items: MemoryItem[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = parseLine(lines[at]!);
    const [kind] = Object.keys(line);
    if (kind !== "index" && kind !== "update" && kind !== "delete") throw malformed(`has ${kind}`);
    const source = kind === "delete" ? {} : parseLine(lines[++at] ?? "");
    items.push(itemOf(kind, line[kind] as unknown as Action, source));
  }
  return items;
}

function itemOf(kind: MemoryItem["kind"], action: Action, source: JsonObject): MemoryItem {
  const { _index, _id, version, version_type, pipeline } = action;
  const isVersioned = version !== undefined;
  if (_id === "" || Buffer.byteLength(_id) > 512) throw malformed(`has the id '${_id}'`);
  if (isVersioned && (version_type !== "external" || !(version >= 0))) {
    throw malformed(`has the version ${version} of type ${version_type}`);
  }
  return {
    ...{ kind, index: _index, id: _id, pipeline },
    version,
    source: kind === "update" ? (source["doc"] as JsonObject) : source,
  };
}

function parseLine(line: string): JsonObject {
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    throw malformed("holds a line that is no JSON");
  }
}

function malformed(why: string): ElasticsearchApiError {
  return new ElasticsearchApiError(`The bulk request ${why}`, 400);
}
