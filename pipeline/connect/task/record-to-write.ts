/**
 * From a decoded record to a `SinkWrite`, for one statement. Pure. What cannot be written as it
 * should is returned as a fault with a sentence: no record is stored under a made-up identity,
 * version or time.
 */
import { fieldText, type JsonObject, type RecordView, readField } from "../../kcql/path.ts";
import { compileProjection } from "../../kcql/projection.ts";
import type { FieldRef, Statement } from "../../kcql/statement.ts";
import type { RecordCoordinates, SinkWrite } from "../../sinks/sink.ts";
import type { RecordFields } from "../config/job-config.ts";

type ConvertedRecord =
  | { readonly ok: true; readonly write: SinkWrite }
  | { readonly ok: false; readonly message: string };

/** `json`: the bytes of the record's value, when they are the value as JSON. */
export type ConvertRecord = (
  view: RecordView,
  json: Uint8Array | undefined,
  record: RecordCoordinates,
) => ConvertedRecord;

export type ConvertOptions = {
  readonly fields: RecordFields;
  /** The job's clock, epoch milliseconds: for indices by the wall clock. */
  readonly now: () => number;
  /** UPSERTs are merged, without a version: then none is needed. */
  readonly mergeUpserts: boolean;
};

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

const noDocument: JsonObject = {};

export function compileStatement(statement: Statement, options: ConvertOptions): ConvertRecord {
  const projection = compileProjection(statement);
  const readVersion = compileVersion(statement, options);
  const readTime = compileTime(statement, options);
  return (view, json, record) => {
    const version = readVersion(view);
    if (!version.ok) return version;
    const time = readTime(view);
    if (!time.ok) return time;
    const id = readId(view, statement.primaryKey);
    if (!id.ok) return id;
    const projected = projection.project(view);
    if (!projected.ok) return projected;
    const write: SinkWrite = {
      action: "write",
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

/**
 * For records without a value. Where the version is a field of the value, a delete has the record's
 * timestamp in microseconds, and the last of its millisecond: it takes away what was written for
 * any instant up to then.
 */
export function compileDelete(statement: Statement, options: ConvertOptions): ConvertRecord {
  const { version: field } = options.fields;
  const isTold = field.from !== "value" && !isTimestamp(field);
  const readVersion = isTold ? compileVersion(statement, options) : readLastOfMillisecond;
  const readTime = compileTime(statement, options);
  return (view, _, record) => {
    const version = readVersion(view);
    if (!version.ok) return version;
    const time = readTime(view);
    if (!time.ok) return time;
    const id = readId(view, statement.primaryKey);
    if (!id.ok) return id;
    const write: SinkWrite = {
      action: "delete",
      statement,
      document: noDocument,
      json: undefined,
      id: id.value,
      version: version.value,
      timeMs: time.value,
      record,
    };
    return { ok: true, write };
  };
}

function compileVersion(
  statement: Statement,
  { fields, mergeUpserts }: ConvertOptions,
): (view: RecordView) => Read<number> {
  if (mergeUpserts && statement.mode === "UPSERT") return readMicroseconds;
  return isTimestamp(fields.version)
    ? readMicroseconds
    : (view) => readInteger(view, fields.version);
}

/**
 * Only a date in the suffix and a TTL are counted from the event's time: others need no such field.
 */
function compileTime(
  { indexSuffix, ttlSeconds }: Statement,
  { fields, now }: ConvertOptions,
): (view: RecordView) => Read<number> {
  if (fields.indexTime === "wall-clock") return () => ({ ok: true, value: now() });
  const needsTime = indexSuffix?.includes("{") === true || ttlSeconds !== undefined;
  if (needsTime) return (view) => readInteger(view, fields.time);
  return ({ timestampMs }) => ({ ok: true, value: timestampMs });
}

function isTimestamp({ from, path }: FieldRef): boolean {
  return from === "meta" && path[0] === "timestamp";
}

/** Versions are microseconds of event time by convention; Kafka's timestamps are milliseconds. */
function readMicroseconds({ timestampMs }: RecordView): Read<number> {
  if (timestampMs >= 0) return { ok: true, value: timestampMs * 1_000 };
  return { ok: false, message: "the record has no timestamp to take its version from" };
}

function readLastOfMillisecond(view: RecordView): Read<number> {
  const first = readMicroseconds(view);
  return first.ok ? { ok: true, value: first.value + 999 } : first;
}

function readInteger(view: RecordView, ref: FieldRef): Read<number> {
  const found = readField(view, ref);
  const value = found.ok ? found.value : undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    return { ok: true, value };
  }
  const held = value === undefined ? "is missing" : `is ${shorten(JSON.stringify(value))}`;
  return {
    ok: false,
    message: `'${fieldText(ref)}' must be an integer from 0 to 2^53 and ${held}`,
  };
}

function readId(view: RecordView, refs: readonly FieldRef[]): Read<SinkWrite["id"]> {
  if (refs.length === 0) {
    return { ok: true, value: [view.topic, view.partition, view.offset] };
  }
  const id: (string | number | boolean)[] = [];
  for (const ref of refs) {
    const found = readField(view, ref);
    const value = found.ok ? found.value : undefined;
    if (!isKeyPart(value)) {
      const isMissing = value === undefined || value === null;
      const held = isMissing ? "is missing" : "is empty or no plain value";
      return { ok: false, message: `the primary key's '${fieldText(ref)}' ${held}` };
    }
    id.push(value);
  }
  return { ok: true, value: id };
}

function isKeyPart(value: unknown): value is string | number | boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/** A message quotes so much of a record at most. */
function shorten(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
