/**
 * The fields of a target whose type is known before the first document, where the projection puts them: it is asked
 * to project an aggregate that holds the kinds of its values instead of the values. Pure.
 */
import { isJsonObject, type JsonObject, type RecordView } from "../../kcql/path.ts";
import { compileProjection } from "../../kcql/projection.ts";
import type { Path, Statement } from "../../kcql/statement.ts";
import { type FieldKind, fieldKinds } from "../field-kinds.ts";

export type Mapping = { readonly type: string; readonly format?: string };

/** As Elasticsearch has them: `{device: {properties: {id: {type: "keyword"}}}}`. */
export type Properties = { [name: string]: Mapping | { readonly properties: Properties } };

const mappings: Readonly<Record<FieldKind, Mapping>> = {
  text: { type: "keyword" },
  day: { type: "keyword" },
  "epoch-ms": { type: "date", format: "epoch_millis" },
  int: { type: "integer" },
  long: { type: "long" },
  double: { type: "double" },
};

export function plannedProperties(statement: Statement): Properties {
  // Kinds where numbers belong: a projection moves values and never looks at them.
  const kinds = {
    value: kindsDocument(),
    key: null,
    headers: () => ({}),
    ...({ topic: "text", partition: "int", offset: "long", timestampMs: "epoch-ms" } as const),
  } as unknown as RecordView;
  const projected = compileProjection(statement).project(kinds);
  return projected.ok ? propertiesOf(projected.document) : {};
}

function kindsDocument(): JsonObject {
  const document: JsonObject = {};
  for (const [name, kind] of Object.entries(fieldKinds)) place(document, name.split("."), kind);
  return document;
}

function place(into: Record<string, unknown>, path: Path, kind: FieldKind): void {
  const [name, ...rest] = path;
  if (rest.length === 0) {
    into[name!] = kind;
    return;
  }
  into[name!] ??= {};
  place(into[name!] as Record<string, unknown>, rest, kind);
}

function propertiesOf(document: JsonObject): Properties {
  const properties: Properties = {};
  for (const [name, held] of Object.entries(document)) {
    if (isJsonObject(held)) properties[name] = { properties: propertiesOf(held) };
    else properties[name] = mappings[held as FieldKind];
  }
  return properties;
}
