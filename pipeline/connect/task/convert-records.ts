/**
 * From a record as it lies in the log to the writes of all statements that read its topic. Pure,
 * hot path: what needs neither key nor headers never looks at them, and a value that goes on as it
 * is need not be parsed (`scan-values.ts`).
 */

import { type RecordView, readHeaders } from "../../kafka/wire/record-cursor.ts";
import type { RecordView as KcqlRecord } from "../../kcql/path.ts";
import { compileProjection } from "../../kcql/projection.ts";
import type { FieldRef, Statement } from "../../kcql/statement.ts";
import type { RecordCoordinates, SinkWrite } from "../../sinks/sink.ts";
import type { JobConfig } from "../config/job-config.ts";
import { decodeHeaders, decodeKey, decodeValue } from "./decode-record.ts";
import type { Stage, Unfit } from "./record-failure.ts";
import { type ConvertRecord, compileDelete, compileStatement } from "./record-to-write.ts";
import { compileScan, readParsed } from "./scan-values.ts";

/**
 * Adds all of a record's writes, or none and says why not. `passed-over`: a record without a value
 * that means nothing. Errors: `WireError` for damaged headers.
 */
export type TopicConverter = (
  cursor: RecordView,
  record: RecordCoordinates,
  into: SinkWrite[],
) => "converted" | "passed-over" | Unfit;

type Needs = {
  readonly key: boolean;
  /** Names of headers; undefined for all of them. */
  readonly headers: ReadonlySet<string> | undefined;
};

type Decoded = Pick<KcqlRecord, "key" | "headers">;

const noHeaders = (): KcqlRecord["value"] => ({});
const nothingElse: Decoded = { key: null, headers: noHeaders };
const noValue: KcqlRecord["value"] = {};

/** `now`: the job's clock, epoch milliseconds. */
export function compileTopic(
  topic: string,
  { statements, fields, converters, nullValues, store }: JobConfig,
  now: () => number,
): TopicConverter {
  const mergeUpserts = store.store === "elasticsearch" && store.mergeUpserts;
  const options = { fields, now, mergeUpserts };
  const own = statements.filter((statement) => statement.topic === topic);
  const isPlain = converters.value !== "json-schema";
  const scan = isPlain ? compileScan(own, options) : undefined;
  const parsed = { ...options, readerOf: readParsed, projectionOf: compileProjection };
  const writes: readonly ConvertRecord[] = own.map((one) => compileStatement(one, parsed));
  const deletes: readonly ConvertRecord[] = own.map((one) => compileDelete(one, parsed));
  const passesOn = isPlain && own.some((one) => compileProjection(one).identity);
  const needs = needsOf(own, [fields.version, fields.time]);
  const needsOthers = needs.key || needs.headers?.size !== 0;

  return (cursor, record, into) => {
    const { bytes, valueStart, valueEnd } = cursor;
    let converts = deletes;
    let value: KcqlRecord["value"] | undefined;
    let json: Uint8Array | undefined;
    if (valueEnd >= 0) {
      if (passesOn) json = bytes.subarray(valueStart, valueEnd);
      if (scan?.read(bytes, valueStart, valueEnd, scan.found) === true) {
        value = noValue;
        converts = scan.writes;
      } else {
        const held = json ?? bytes.subarray(valueStart, valueEnd);
        const decoded = decodeValue(held, converters.value);
        if (!decoded.ok) return unfit("VALUE_CONVERTER", decoded.message);
        value = decoded.value;
        if (value !== undefined) converts = writes;
      }
    }
    if (value === undefined && nullValues === "ignore") return "passed-over";
    if (value === undefined && nullValues === "fail") {
      const message = "it has no value, and fleetproof.null.values is 'fail'";
      return unfit("TRANSFORMATION", message);
    }
    const others = needsOthers ? decodeOthers(cursor, needs, converters.key) : nothingElse;
    if ("stage" in others) return others;
    const view: KcqlRecord = {
      value: value ?? noValue,
      key: others.key,
      headers: others.headers,
      topic: record.topic,
      partition: record.partition,
      offset: record.offset,
      timestampMs: cursor.timestamp,
    };
    return addAll(converts, view, json, record, into);
  };
}

function addAll(
  converts: readonly ConvertRecord[],
  view: KcqlRecord,
  json: Uint8Array | undefined,
  record: RecordCoordinates,
  into: SinkWrite[],
): "converted" | Unfit {
  const before = into.length;
  for (const convert of converts) {
    const converted = convert(view, json, record);
    if (typeof converted === "string") {
      into.length = before;
      return unfit("TRANSFORMATION", converted);
    }
    into.push(converted);
  }
  return "converted";
}

function decodeOthers(
  cursor: RecordView,
  needs: Needs,
  converter: JobConfig["converters"]["key"],
): Decoded | Unfit {
  let key: unknown = null;
  if (needs.key) {
    const bytes = cursor.keyEnd < 0 ? null : cursor.bytes.subarray(cursor.keyStart, cursor.keyEnd);
    const decoded = decodeKey(bytes, converter);
    if (!decoded.ok) return unfit("KEY_CONVERTER", decoded.message);
    key = decoded.value;
  }
  if (needs.headers?.size === 0) return { key, headers: noHeaders };
  const headers = decodeHeaders(readHeaders(cursor), needs.headers);
  if (!headers.ok) return unfit("HEADER_CONVERTER", headers.message);
  return { key, headers: () => headers.value };
}

/** What the statements, the version and the time read of a record besides its value. */
function needsOf(statements: readonly Statement[], fields: readonly FieldRef[]): Needs {
  const refs = statements.flatMap(({ columns, primaryKey }) => [...columns, ...primaryKey]);
  const all = [...refs, ...fields];
  const names = all.filter(({ from }) => from === "header").map(({ path }) => path[0] ?? "*");
  return {
    key: all.some(({ from }) => from === "key"),
    headers: names.includes("*") ? undefined : new Set(names),
  };
}

function unfit(stage: Stage, message: string): Unfit {
  return { stage, message };
}
