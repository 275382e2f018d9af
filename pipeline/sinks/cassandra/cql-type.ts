/**
 * CQL types as the schema tables spell them (`frozen<map<text, int>>`), as far as a JSON value can
 * be written to them. Pure.
 */

const simpleTypes = [
  "ascii",
  "bigint",
  "blob",
  "boolean",
  "date",
  "decimal",
  "double",
  "float",
  "inet",
  "int",
  "smallint",
  "text",
  "time",
  "timestamp",
  "timeuuid",
  "tinyint",
  "uuid",
  "varchar",
  "varint",
] as const;

export type SimpleType = (typeof simpleTypes)[number];

export type CqlType =
  | { readonly kind: "simple"; readonly name: SimpleType }
  | { readonly kind: "list" | "set"; readonly of: CqlType }
  | { readonly kind: "map"; readonly key: CqlType; readonly value: CqlType }
  | { readonly kind: "tuple"; readonly of: readonly CqlType[] };

export type ParsedType =
  | { readonly ok: true; readonly type: CqlType }
  /** A clause that says what to do. */
  | { readonly ok: false; readonly message: string };

export function parseCqlType(text: string): ParsedType {
  const whole = unwrap(text);
  if (whole.name === "counter") {
    return refuse("a counter cannot be set, and adding to it twice counts twice");
  }
  if (whole.name === "list") {
    // INSERT deletes what is there as of a microsecond before its own write time, so not its own
    // items of the time before (seen with Cassandra 5.0: [1, 2] twice is [1, 2, 1, 2]).
    return refuse("a write that is sent again would double a list that is not frozen: freeze it");
  }
  const type = parse(text);
  return type === undefined
    ? refuse("no JSON value can be written to this type")
    : { ok: true, type };
}

function parse(text: string): CqlType | undefined {
  const { name, parameters } = unwrap(text);
  const simple = simpleTypes.find((candidate) => candidate === name);
  if (simple !== undefined) return { kind: "simple", name: simple };
  const inner = parameters.map(parse);
  if (!inner.every((type) => type !== undefined)) return undefined;
  const [first, second, ...more] = inner;
  if (first === undefined) return undefined;
  if (name === "tuple") return { kind: "tuple", of: inner };
  if (name === "frozen" && second === undefined) return first;
  if ((name === "list" || name === "set") && second === undefined) return { kind: name, of: first };
  if (name !== "map" || second === undefined || more.length > 0) return undefined;
  return { kind: "map", key: first, value: second };
}

/** `map<text, list<int>>` as `map` and [`text`, `list<int>`]. */
function unwrap(text: string): { readonly name: string; readonly parameters: readonly string[] } {
  const match = /^\s*(\w+)\s*<(.*)>\s*$/s.exec(text);
  if (match === null) return { name: text.trim(), parameters: [] };
  const parameters: string[] = [];
  let depth = 0;
  let from = 0;
  const inner = match[2]!;
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === "<") depth++;
    if (inner[at] === ">") depth--;
    if (inner[at] !== "," || depth > 0) continue;
    parameters.push(inner.slice(from, at));
    from = at + 1;
  }
  parameters.push(inner.slice(from));
  return { name: match[1]!, parameters };
}

function refuse(message: string): ParsedType {
  return { ok: false, message };
}
