/** Reading a path out of a JSON document. */
import type { Path } from "./statement.ts";

export type JsonObject = { readonly [name: string]: unknown };

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
  let value: unknown = document;
  for (let i = 0; i < path.length; i++) {
    if (!isJsonObject(value)) return { ok: false, through: path.slice(0, i).join(".") };
    value = Object.hasOwn(value, path[i]!) ? value[path[i]!] : undefined;
    if (value === undefined || value === null) return missing;
  }
  return { ok: true, value };
}
