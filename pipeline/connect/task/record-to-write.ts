/**
 * From a decoded record to a `SinkWrite`, for one statement. Pure. What cannot be written as it
 * should is returned as a fault with a sentence: no record is stored under a made-up identity,
 * version or time.
 */
import { fieldText, type JsonObject, type RecordView } from "../../kcql/path.ts";
import type { Projection } from "../../kcql/projection.ts";
import type { FieldRef, Statement } from "../../kcql/statement.ts";
import type { RecordCoordinates, SinkWrite } from "../../sinks/sink.ts";
import type { RecordFields } from "../config/job-config.ts";

/**
 * The write, or a sentence on why there is none. `json`: the bytes of the record's value, when they
 * are the value as JSON.
 */
export type ConvertRecord = (
  view: RecordView,
  json: Uint8Array | undefined,
  record: RecordCoordinates,
) => SinkWrite | string;

/** What the record holds there; undefined for nothing, null, or where the path leads nowhere. */
export type ReadField = (view: RecordView) => unknown;

export type ConvertOptions = {
  readonly fields: RecordFields;
  /** The job's clock, epoch milliseconds: for indices by the wall clock. */
  readonly now: () => number;
  /** UPSERTs are merged, without a version: then none is needed. */
  readonly mergeUpserts: boolean;
  /** Where the fields of key, version and time are read; asked for each before the first record. */
  readonly readerOf: (ref: FieldRef) => ReadField;
  /** What the statement makes of a value; asked for before the first record. */
  readonly projectionOf: (statement: Statement) => Projection;
};

/** What it reads, or a sentence. */
type Read<T> = (view: RecordView) => T | string;

/** The document, or a sentence; undefined where `json` is it: what was parsed is not kept. */
type MakeDocument = (
  view: RecordView,
  json: Uint8Array | undefined,
) => JsonObject | string | undefined;

const noDocument: JsonObject = {};

export function compileStatement(statement: Statement, options: ConvertOptions): ConvertRecord {
  const projection = options.projectionOf(statement);
  const readVersion = compileVersion(statement, options);
  return compile("write", statement, options, readVersion, (view, json) => {
    if (projection.identity && json !== undefined) return undefined;
    const projected = projection.project(view);
    return projected.ok ? projected.document : projected.message;
  });
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
  return compile("delete", statement, options, readVersion, () => noDocument);
}

function compile(
  action: SinkWrite["action"],
  statement: Statement,
  options: ConvertOptions,
  readVersion: Read<number>,
  makeDocument: MakeDocument,
): ConvertRecord {
  const readTime = compileTime(statement, options);
  const readId = compileId(statement, options);
  return (view, value, record) => {
    const version = readVersion(view);
    if (typeof version === "string") return version;
    const timeMs = readTime(view);
    if (typeof timeMs === "string") return timeMs;
    const id = readId(view);
    if (typeof id === "string") return id;
    const document = makeDocument(view, value);
    if (typeof document === "string") return document;
    const json = document === undefined ? value : undefined;
    return { action, statement, document, json, id, version, timeMs, record };
  };
}

function compileVersion(statement: Statement, options: ConvertOptions): Read<number> {
  const { version } = options.fields;
  if (options.mergeUpserts && statement.mode === "UPSERT") return readMicroseconds;
  return isTimestamp(version) ? readMicroseconds : compileInteger(version, options);
}

/**
 * Only a date in the suffix and a TTL are counted from the event's time: others need no such field.
 */
function compileTime(statement: Statement, options: ConvertOptions): Read<number> {
  const { indexSuffix, ttlSeconds } = statement;
  const { fields, now } = options;
  if (fields.indexTime === "wall-clock") return now;
  const needsTime = indexSuffix?.includes("{") === true || ttlSeconds !== undefined;
  return needsTime ? compileInteger(fields.time, options) : ({ timestampMs }) => timestampMs;
}

function isTimestamp({ from, path }: FieldRef): boolean {
  return from === "meta" && path[0] === "timestamp";
}

/** Versions are microseconds of event time by convention; Kafka's timestamps are milliseconds. */
function readMicroseconds({ timestampMs }: RecordView): number | string {
  if (timestampMs >= 0) return timestampMs * 1_000;
  return "the record has no timestamp to take its version from";
}

function readLastOfMillisecond(view: RecordView): number | string {
  const first = readMicroseconds(view);
  return typeof first === "string" ? first : first + 999;
}

function compileInteger(ref: FieldRef, { readerOf }: ConvertOptions): Read<number> {
  const read = readerOf(ref);
  return (view) => {
    const value = read(view);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    const held = value === undefined ? "is missing" : `is ${shorten(JSON.stringify(value))}`;
    return `'${fieldText(ref)}' must be an integer from 0 to 2^53 and ${held}`;
  };
}

function compileId({ primaryKey }: Statement, { readerOf }: ConvertOptions): Read<SinkWrite["id"]> {
  if (primaryKey.length === 0) return ({ topic, partition, offset }) => [topic, partition, offset];
  const readers = primaryKey.map(readerOf);
  return (view) => {
    const id = new Array<string | number | boolean>(readers.length);
    for (let at = 0; at < readers.length; at++) {
      const value = readers[at]!(view);
      if (!isKeyPart(value)) {
        const isMissing = value === undefined || value === null;
        const held = isMissing ? "is missing" : "is empty or no plain value";
        return `the primary key's '${fieldText(primaryKey[at]!)}' ${held}`;
      }
      id[at] = value;
    }
    return id;
  };
}

function isKeyPart(value: unknown): value is string | number | boolean {
  if (typeof value === "string") return value !== "";
  return typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

/** A message quotes so much of a record at most. */
function shorten(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
