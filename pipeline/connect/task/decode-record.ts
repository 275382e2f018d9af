/**
 * What the converters make of a record's bytes. Pure. Keys and headers are decoded only when a
 * statement, the version or the time asks for them: a key that nobody reads cannot fail a record
 * (in Connect it does).
 */

import type { RecordHeader } from "../../kafka/wire/batch-writer.ts";
import { isJsonObject, type JsonObject } from "../../kcql/path.ts";
import type { Converter } from "../config/job-config.ts";

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The JSON object in `bytes`, or undefined when they hold anything else. */
function decodeDocument(bytes: Uint8Array): JsonObject | undefined {
  const decoded = decodeJson(bytes);
  return decoded.ok && isJsonObject(decoded.value) ? decoded.value : undefined;
}

/** `document` is undefined for an envelope without a payload, which is Connect's null. */
export function decodeValue(
  bytes: Uint8Array,
  converter: Converter,
): Decoded<JsonObject | undefined> {
  if (converter !== "json-schema") {
    const document = decodeDocument(bytes);
    if (document === undefined) return { ok: false, message: "its value is no JSON object" };
    return { ok: true, value: document };
  }
  const payload = decodeEnvelope(bytes, "value");
  if (!payload.ok) return payload;
  if (payload.value === null) return { ok: true, value: undefined };
  if (isJsonObject(payload.value)) return { ok: true, value: payload.value };
  return { ok: false, message: "the payload of its value is no JSON object" };
}

/** Text, what JSON holds, or for bytes their base64; null without a key. */
export function decodeKey(bytes: Uint8Array | null, converter: Converter): Decoded<unknown> {
  if (bytes === null) return { ok: true, value: null };
  switch (converter) {
    case "bytes":
      return { ok: true, value: Buffer.from(bytes).toString("base64") };
    case "string": {
      const text = decodeText(bytes);
      return text === undefined
        ? { ok: false, message: "its key is no UTF-8 text" }
        : { ok: true, value: text };
    }
    case "json": {
      const decoded = decodeJson(bytes);
      return decoded.ok ? decoded : { ok: false, message: "its key is no JSON" };
    }
    case "json-schema":
      return decodeEnvelope(bytes, "key");
  }
}

/** Those of `names` as UTF-8 text, all for undefined; of headers with one name the last. */
export function decodeHeaders(
  headers: readonly RecordHeader[],
  names: ReadonlySet<string> | undefined,
): Decoded<JsonObject> {
  // No prototype: a header named `__proto__` is a header like any other.
  const decoded = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of headers) {
    if (names?.has(key) === false) continue;
    const text = value === null ? null : decodeText(value);
    if (text === undefined) return { ok: false, message: `its header '${key}' is no UTF-8 text` };
    decoded[key] = text;
  }
  return { ok: true, value: decoded };
}

/** Source: JsonConverter: an object of `schema` and `payload`, and nothing else. */
function decodeEnvelope(bytes: Uint8Array, side: "key" | "value"): Decoded<unknown> {
  const decoded = decodeJson(bytes);
  const envelope = decoded.ok ? decoded.value : undefined;
  const isEnvelope =
    isJsonObject(envelope) &&
    Object.keys(envelope).length === 2 &&
    Object.hasOwn(envelope, "schema") &&
    Object.hasOwn(envelope, "payload");
  if (isEnvelope) return { ok: true, value: envelope["payload"] };
  return {
    ok: false,
    message:
      `its ${side} is no envelope of schema and payload: for plain JSON set ` +
      `${side}.converter.schemas.enable=false`,
  };
}

function decodeJson(bytes: Uint8Array): Decoded<unknown> {
  try {
    return { ok: true, value: JSON.parse(decoder.decode(bytes)) };
  } catch (error) {
    return { ok: false, message: (error as Error).message }; // an expected outcome
  }
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined; // An expected outcome: the caller names the header or key.
  }
}
