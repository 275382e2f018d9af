/**
 * What a column names: a field of the value or, below `_`, what Kafka says of the record, or a
 * field of its key. In strict mode `_key.x` and `_header.x` are more than that: see
 * `to-statement.ts`.
 */
import type { FieldType, GenuineField } from "./genuine-statement.ts";
import type { Token } from "./lexer.ts";
import type { TokenReader } from "./token-reader.ts";

/** One column as it stands in the text: its names from the outside in. */
export type ColumnText = { readonly first: Token; readonly names: readonly string[] };

const metadata: Readonly<Record<string, FieldType>> = {
  topic: "TOPIC",
  partition: "PARTITION",
  offset: "OFFSET",
  timestamp: "TIMESTAMP",
};

/**
 * The genuine parser's reading of a column: see "Metadata" in the surprises of `vectors.jsonl`'s
 * description.
 */
export function fieldOf(reader: TokenReader, column: ColumnText, alias?: string): GenuineField {
  const { first, names } = column;
  const name = names.at(-1)!;
  const parents = names.slice(0, -1);
  if (parents[0] !== "_") {
    if (name === "_header" && parents.length === 0) {
      reader.note(first.at, "'_header' alone names no header", "Write _header.name.");
    }
    const parentFields = parents.length === 0 ? null : parents;
    return { name, alias: alias ?? name, parentFields, fieldType: "VALUE" };
  }
  const lower = name.toLowerCase();
  const fieldType = Object.hasOwn(metadata, lower) ? metadata[lower] : undefined;
  if (fieldType !== undefined) {
    if (parents.length > 1) noteMisread(reader, column, lower);
    return { name: lower, alias: alias ?? lower, parentFields: null, fieldType };
  }
  const below = parents.slice(2);
  if (parents[1]?.toLowerCase() !== "key") {
    const message = `'${names.join(".")}' names nothing: other parsers refuse it`;
    return reader.refuse(first, message, "Write _.topic, _.offset, _.key.name and the like.");
  }
  if (name === "*" && alias !== undefined && below.length === 0) {
    return reader.refuse(first, "'_.key.*' cannot have an alias", "Remove AS.");
  }
  const parentFields = below.length === 0 ? null : below;
  return { name, alias: alias ?? name, parentFields, fieldType: "KEY" };
}

function noteMisread(reader: TokenReader, { first, names }: ColumnText, meta: string): void {
  const message = `'${names.join(".")}' is read as '_.${meta}', whatever stands between`;
  const suggestion =
    names[1]?.toLowerCase() === "key"
      ? `Write _key.${names.slice(2).join(".")} for the key's field, _.${meta} for the record's.`
      : `Write _.${meta}.`;
  reader.note(first.at, message, suggestion);
}
