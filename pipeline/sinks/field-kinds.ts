/**
 * What kind of value each field of an aggregate holds: the one source of mappings and column types
 * when a statement says AUTOCREATE. Fields that are not listed have no kind: the store must be told
 * by hand.
 */
import type { Column, FieldRef, Path } from "../kcql/statement.ts";

export type FieldKind = "text" | "day" | "epoch-ms" | "int" | "long" | "double";

export const fieldKinds: Readonly<Record<string, FieldKind>> = {
  "device.id": "text",
  "device.home": "text",
  "device.model": "text",
  "window.start": "epoch-ms",
  "window.end": "epoch-ms",
  "window.day": "day",
  count: "int",
  "temperature.min": "double",
  "temperature.max": "double",
  "temperature.mean": "double",
  "temperature.sum": "long",
  revision: "int",
  version: "long",
  digest: "text",
};

/**
 * What Kafka says of a record: `_.topic` and its like. Of keys and headers nothing is known
 * beforehand.
 */
const metaKinds: Readonly<Record<string, FieldKind>> = {
  topic: "text",
  partition: "int",
  offset: "long",
  timestamp: "epoch-ms",
};

/** A field of the target: its name there, where it comes from, and its kind if that is known. */
export type TargetField = FieldRef & {
  readonly name: string;
  readonly kind: FieldKind | undefined;
};

/**
 * The fields that flattening `columns` gives, `*` spelled out from what is known but for the
 * siblings that are named beside it; without `ignored`. A bare `*` lifts only top-level values: the
 * objects under it stay whole and are left out.
 */
export function targetFields(
  columns: readonly Column[],
  ignored: readonly FieldRef[] = [],
): readonly TargetField[] {
  return columns
    .flatMap((column) => (column.path.at(-1) === "*" ? lifted(column, columns) : [named(column)]))
    .filter((field) => !ignored.some((pattern) => covers(pattern, field)));
}

/** Do both name the same field? */
export function isSameField(a: FieldRef, b: FieldRef): boolean {
  return a.from === b.from && a.path.length === b.path.length && startsWith(a.path, b.path);
}

function named({ from, path, alias }: Column): TargetField {
  return { from, path, name: alias, kind: kindOf({ from, path }) };
}

function lifted({ from, path }: Column, columns: readonly Column[]): readonly TargetField[] {
  if (from !== "value") return [];
  return Object.keys(fieldKinds)
    .map((known) => ({ from, path: known.split(".") }))
    .filter((known) => known.path.length === path.length && covers({ from, path }, known))
    .filter((known) => !columns.some((column) => isSameField(column, known)))
    .map((known) => ({ ...known, name: known.path.at(-1)!, kind: kindOf(known) }));
}

function kindOf({ from, path }: FieldRef): FieldKind | undefined {
  if (from === "value") return fieldKinds[path.join(".")];
  return from === "meta" ? metaKinds[path.join(".")] : undefined;
}

/**
 * Is `field` what `pattern` names, or something inside it? A last `*` stands for all that is inside
 * the object before it.
 */
function covers(pattern: FieldRef, field: FieldRef): boolean {
  if (pattern.from !== field.from) return false;
  const isStar = pattern.path.at(-1) === "*";
  const stem = isStar ? pattern.path.slice(0, -1) : pattern.path;
  return field.path.length >= stem.length + (isStar ? 1 : 0) && startsWith(field.path, stem);
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((name, index) => path[index] === name);
}
