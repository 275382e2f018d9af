/** Reading a path out of a record: its value, its key, its headers, or what Kafka says of it. */
import type { FieldRef, Path } from "./statement.ts";

export type JsonObject = { readonly [name: string]: unknown };

/** A record as statements see it. Headers are decoded only when a statement asks for them. */
export type RecordView = {
  readonly value: JsonObject;
  /**
   * As the key's converter gives it: text, a number, an object; null or undefined without a key.
   */
  readonly key: unknown;
  /** By name; of headers with one name the last. */
  readonly headers: () => JsonObject;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The record's own timestamp, in epoch milliseconds. */
  readonly timestampMs: number;
};

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export type Found =
  /** `value` is undefined when the path, or an object on it, is missing or null. */
  | { readonly ok: true; readonly value: unknown }
  /** A name on the path holds something that is no object. */
  | { readonly ok: false; readonly through: string };

const missing: Found = { ok: true, value: undefined };

export function readPath(document: JsonObject, path: Path): Found {
  return descend(document, path, "");
}

/** What `ref` names in `record`. An empty path is the whole value, key or headers. */
export function readField(record: RecordView, ref: FieldRef): Found {
  switch (ref.from) {
    case "value":
      return descend(record.value, ref.path, "");
    case "key":
      return record.key === null ? missing : descend(record.key, ref.path, "_key");
    case "header":
      return descend(record.headers(), ref.path, "_header");
    case "meta":
      return { ok: true, value: readMeta(record, ref.path[0]) };
  }
}

/** The field as a statement writes it: `device.id`, `_key.id`, `_header.trace`, `_.offset`. */
export function fieldText({ from, path }: FieldRef): string {
  const prefix = { value: [], key: ["_key"], header: ["_header"], meta: ["_"] }[from];
  return [...prefix, ...path].join(".");
}

function descend(root: unknown, path: Path, prefix: string): Found {
  let value = root;
  if (value === undefined) return missing;
  for (let i = 0; i < path.length; i++) {
    if (!isJsonObject(value)) return { ok: false, through: throughName(path, i, prefix) };
    value = Object.hasOwn(value, path[i]!) ? value[path[i]!] : undefined;
    if (value === undefined || value === null) return missing;
  }
  return { ok: true, value };
}

function throughName(path: Path, length: number, prefix: string): string {
  return [prefix, ...path.slice(0, length)].filter((name) => name !== "").join(".");
}

function readMeta(record: RecordView, name: string | undefined): unknown {
  if (name === "topic") return record.topic;
  if (name === "partition") return record.partition;
  if (name === "offset") return record.offset;
  return name === "timestamp" ? record.timestampMs : undefined;
}
