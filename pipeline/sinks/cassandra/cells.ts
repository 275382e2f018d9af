/**
 * JSON values as cells of a column, by its CQL type. Pure. A value that does not fit is refused,
 * never bent.
 */
import type { CellValue } from "./api.ts";
import type { CqlType, SimpleType } from "./cql-type.ts";
import { type ReadCell, simpleCells } from "./simple-cells.ts";

/** Characters of a refused value in its sentence: the record itself is in the topic. */
const shownCharacters = 80;

/** Numbers among the keys of a JSON object are text: read as numbers where the map's keys are. */
const numericKeys: ReadonlySet<SimpleType> = new Set([
  "tinyint",
  "smallint",
  "int",
  "float",
  "double",
  "timestamp",
]);

export function compileCell(type: CqlType): ReadCell {
  switch (type.kind) {
    case "simple":
      return simpleCells[type.name].read;
    case "list":
    case "set":
      return compileItems(() => type.of);
    case "tuple":
      return compileItems((at) => type.of[at], type.of.length);
    case "map":
      return compileMap(type.key, type.value);
  }
}

/** Why `value` does not fit: names column, type and value. */
export function describeMisfit(
  column: { readonly name: string; readonly type: string },
  type: CqlType,
  value: unknown,
): string {
  const text = JSON.stringify(value);
  const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  const isNested = type.kind === "simple" && typeof value === "object";
  const advice = isNested ? "; select the fields inside it one by one" : "";
  const what = `column '${column.name}' of type ${column.type} cannot hold ${shown}`;
  return `${what}: it takes ${takes(type)}${advice}`;
}

function takes(type: CqlType): string {
  switch (type.kind) {
    case "simple":
      return simpleCells[type.name].takes;
    case "list":
    case "set":
      return `arrays, without null, of: ${takes(type.of)}`;
    case "tuple":
      return `arrays of ${type.of.length} items, without null: ${type.of.map(takes).join("; ")}`;
    case "map":
      return `objects, without null, of: ${takes(type.value)}; their names: ${takes(type.key)}`;
  }
}

function compileItems(
  typeAt: (at: number) => CqlType | undefined,
  length: number | undefined = undefined,
): ReadCell {
  const readers = new Map<CqlType, ReadCell>();
  return (value) => {
    if (!Array.isArray(value) || value.length !== (length ?? value.length)) return undefined;
    const items: CellValue[] = [];
    for (const [at, item] of value.entries()) {
      const type = typeAt(at)!;
      const read = readers.get(type) ?? compileCell(type);
      readers.set(type, read);
      const cell = read(item);
      if (cell === undefined) return undefined;
      items.push(cell);
    }
    return items;
  };
}

function compileMap(key: CqlType, value: CqlType): ReadCell {
  const readKey = compileCell(key);
  const readValue = compileCell(value);
  return (object) => {
    if (typeof object !== "object" || object === null || Array.isArray(object)) return undefined;
    const pairs: CellValue[] = [];
    for (const [name, held] of Object.entries(object)) {
      const keyCell = readKey(keyOf(name, key));
      const valueCell = readValue(held);
      if (keyCell === undefined || valueCell === undefined) return undefined;
      pairs.push([keyCell, valueCell]);
    }
    return pairs;
  };
}

function keyOf(name: string, type: CqlType): unknown {
  if (type.kind !== "simple") return name;
  if (type.name === "boolean") return name === "true" ? true : name === "false" ? false : name;
  const isNumber = numericKeys.has(type.name) && String(Number(name)) === name;
  return isNumber ? Number(name) : name;
}
