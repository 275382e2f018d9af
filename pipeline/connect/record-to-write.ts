/**
 * From a record's bytes to a `SinkWrite`, for one statement. Pure. What cannot be written as it should is
 * returned as a fault with a sentence: no record is stored under a made-up identity, version or time.
 */
import { isJsonObject, type JsonObject, readPath } from "../kcql/path.ts";
import { compileProjection } from "../kcql/projection.ts";
import type { Path, Statement } from "../kcql/statement.ts";
import type { RecordCoordinates, SinkWrite } from "../sinks/sink.ts";

type ConvertedRecord =
  | { readonly ok: true; readonly write: SinkWrite }
  | { readonly ok: false; readonly message: string };

export type ConvertRecord = (
  document: JsonObject,
  json: Uint8Array,
  record: RecordCoordinates,
) => ConvertedRecord;

export type RecordFields = { readonly version: Path; readonly time: Path };

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The JSON object in `bytes`, or undefined when they hold anything else. */
export function decodeDocument(bytes: Uint8Array): JsonObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined; // An expected outcome: the caller stops at this record and says so.
  }
  return isJsonObject(value) ? value : undefined;
}

export function compileStatement(statement: Statement, fields: RecordFields): ConvertRecord {
  const projection = compileProjection(statement.columns);
  return (document, json, record) => {
    const version = readInteger(document, fields.version);
    if (!version.ok) return version;
    const time = readInteger(document, fields.time);
    if (!time.ok) return time;
    const id = readId(document, statement.primaryKey);
    if (!id.ok) return id;
    const projected = projection.project(document);
    if (!projected.ok) return projected;
    const write: SinkWrite = {
      statement,
      document: projected.document,
      json: projection.identity ? json : undefined,
      id: id.value,
      version: version.value,
      timeMs: time.value,
      record,
    };
    return { ok: true, write };
  };
}

function readInteger(document: JsonObject, path: Path): Read<number> {
  const found = readPath(document, path);
  const value = found.ok ? found.value : undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    return { ok: true, value };
  }
  const held = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
  return {
    ok: false,
    message: `'${path.join(".")}' must be an integer from 0 to 2^53 and ${held}`,
  };
}

function readId(document: JsonObject, paths: readonly Path[]): Read<SinkWrite["id"]> {
  const id: (string | number | boolean)[] = [];
  for (const path of paths) {
    const found = readPath(document, path);
    const value = found.ok ? found.value : undefined;
    if (!isKeyPart(value)) {
      const held = value === undefined ? "is missing" : "is empty or no plain value";
      return { ok: false, message: `the primary key's '${path.join(".")}' ${held}` };
    }
    id.push(value);
  }
  return { ok: true, value: id };
}

function isKeyPart(value: unknown): value is string | number | boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}
