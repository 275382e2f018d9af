/**
 * WITHSTRUCTURE: the projection keeps the nesting. `device.id, sensor.place.room AS r` gives
 * `{device: {id}, sensor: {place: {r}}}`, however deep; an object of which nothing is left is left
 * out. `a.*` copies the children of `a` that no other column names or goes into. What does not come
 * from the value (key, headers, `_.offset`) has no place in its nesting and lands at the top, after
 * it.
 */
import { isJsonObject, type JsonObject } from "./path.ts";
import { newOutput, type Output, put, type Step, throughFault } from "./projected-output.ts";
import type { Column, Path } from "./statement.ts";

/** What is selected of one object, in the order of the columns. */
type Selection = {
  readonly path: Path;
  readonly parts: Part[];
  /** Children with a part of their own: `*` leaves them to it. */
  readonly named: Set<string>;
};

type Part =
  | { readonly kind: "all" }
  | { readonly kind: "field"; readonly name: string; readonly alias: string }
  | { readonly kind: "within"; readonly name: string; readonly selection: Selection };

/** `flat`: how a column that is not of the value is projected. */
export function compileStructure(
  columns: readonly Column[],
  flat: (column: Column) => Step,
): readonly Step[] {
  const root: Selection = { path: [], parts: [], named: new Set() };
  for (const column of columns) if (column.from === "value") add(root, column, column.path);
  const others = columns.filter(({ from }) => from !== "value").map(flat);
  return [({ value }, into) => select(root, value, into), ...others];
}

function add(selection: Selection, column: Column, rest: Path): void {
  const [name, ...below] = rest;
  if (name === "*") {
    selection.parts.push({ kind: "all" });
    return;
  }
  selection.named.add(name!);
  if (below.length === 0) {
    selection.parts.push({ kind: "field", name: name!, alias: column.alias });
    return;
  }
  add(within(selection, name!), column, below);
}

function within(selection: Selection, name: string): Selection {
  for (const part of selection.parts) {
    if (part.kind === "within" && part.name === name) return part.selection;
  }
  const made: Selection = { path: [...selection.path, name], parts: [], named: new Set() };
  selection.parts.push({ kind: "within", name, selection: made });
  return made;
}

function select(selection: Selection, document: JsonObject, into: Output): string | undefined {
  for (const part of selection.parts) {
    if (part.kind === "all") {
      for (const name of Object.keys(document)) {
        if (!selection.named.has(name)) put(into, name, document[name]);
      }
      continue;
    }
    const value = Object.hasOwn(document, part.name) ? document[part.name] : undefined;
    if (part.kind === "field") {
      put(into, part.alias, value);
      continue;
    }
    if (value === undefined || value === null) continue;
    const { path } = part.selection;
    if (!isJsonObject(value)) {
      return throughFault({ from: "value", path: [...path, "…"] }, path.join("."));
    }
    const below = newOutput();
    const fault = select(part.selection, value, below);
    if (fault !== undefined) return fault;
    if (Object.keys(below).length > 0) put(into, part.name, below);
  }
  return undefined;
}
