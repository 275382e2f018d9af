/**
 * From what the genuine parser makes of a text to what a sink runs. Refuses what no sink can do. In
 * strict mode `_key.x` and `_header.x` name the key's and the headers' fields; in compat mode they
 * are fields of the value.
 */
import type { GenuineField } from "./genuine-statement.ts";
import { checkSuffix } from "./index-suffix.ts";
import type { ParsedStatement } from "./parse-statement.ts";
import type { KcqlMode } from "./parser.ts";
import type { Column, FieldRef, Statement } from "./statement.ts";
import type { Carelessness } from "./token-reader.ts";

type Made =
  | { readonly ok: true; readonly statement: Statement }
  | { readonly ok: false; readonly fault: Carelessness };

/** More columns than any record of ours has fields. */
const maxColumns = 1_000;

/** Seconds in 20 years: the most that Cassandra takes. */
const maxTtlSeconds = 630_720_000;

/** What `Statement` has a property for. */
const carried = new Set([
  ..."IGNORE AUTOCREATE WITHSTRUCTURE PK BATCH WITHINDEXSUFFIX TTL WITHPIPELINE".split(" "),
]);

export function toStatement(parsed: ParsedStatement, mode: KcqlMode): Made {
  const { draft, said } = parsed;
  const fault = findFault(parsed, mode);
  if (fault !== undefined) return { ok: false, fault };
  const statement: Statement = {
    mode: draft.writeMode as Statement["mode"],
    target: draft.target!,
    topic: draft.source,
    columns: draft.fields.map((field) => columnOf(field, mode)),
    ignored: draft.ignoredFields.map((field) => refOf(field, mode)),
    primaryKey: draft.primaryKeys.map((field) => refOf(field, mode)),
    autoCreate: draft.autoCreate,
    withStructure: draft.retainStructure,
    batchSize: draft.batchSize === 0 ? undefined : draft.batchSize,
    indexSuffix: draft.indexSuffix ?? undefined,
    ttlSeconds: draft.ttl === 0 ? undefined : draft.ttl,
    pipeline: draft.pipeline ?? undefined,
    others: [...said.keys()].filter((keyword) => !carried.has(keyword)),
  };
  return { ok: true, statement };
}

function findFault({ draft, said, offset }: ParsedStatement, mode: KcqlMode) {
  const fault = (keyword: string, message: string, suggestion?: string): Carelessness => {
    return { offset: said.get(keyword) ?? offset, message, suggestion };
  };
  const { writeMode, fields, ignoredFields, primaryKeys, ttl, indexSuffix } = draft;
  if (draft.target === null) {
    return fault("", "SELECT alone writes nowhere", "Write INSERT INTO target before it.");
  }
  if (writeMode !== "INSERT" && writeMode !== "UPSERT") {
    const said = writeMode ?? "a statement whose mode other parsers forget";
    return fault("", `no sink runs ${said}`, "Write INSERT INTO or UPSERT INTO.");
  }
  if (fields.length + ignoredFields.length + primaryKeys.length > maxColumns) {
    return fault("", `more than ${maxColumns} columns are named`);
  }
  if (primaryKeys.some(({ name }) => name === "*")) {
    return fault("PK", "'*' is no primary key", "Name the fields.");
  }
  if (ignoredFields.some((field) => refOf(field, mode).from === "meta")) {
    const message = "IGNORE leaves out fields, and metadata is none";
    return fault("IGNORE", message, "Do not select it.");
  }
  if (ttl > maxTtlSeconds) {
    return fault("TTL", `TTL is ${ttl}; 1 to ${maxTtlSeconds} seconds are allowed`);
  }
  const suffix = checkSuffix(indexSuffix ?? "", mode);
  if (suffix.ok) return undefined;
  return fault("WITHINDEXSUFFIX", suffix.message, suffix.suggestion);
}

function columnOf(field: GenuineField, mode: KcqlMode): Column {
  return { ...refOf(field, mode), alias: field.alias };
}

function refOf({ name, parentFields, fieldType }: GenuineField, mode: KcqlMode): FieldRef {
  const path = [...(parentFields ?? []), name];
  if (fieldType === "KEY") return { from: "key", path };
  if (fieldType !== "VALUE") return { from: "meta", path };
  const [head, ...below] = path;
  if (mode === "strict" && head === "_key") return { from: "key", path: below };
  if (mode === "strict" && head === "_header") return { from: "header", path: below };
  return { from: "value", path };
}
