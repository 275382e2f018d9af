/**
 * What SELECT makes of a document. Pure. `*` alone leaves it as it is; otherwise it is flattened:
 * `sensor.*` lifts the children of `sensor` to the top, `a.b.c` lands as `c`, an alias renames, missing and
 * null fields are left out, objects and arrays are kept whole. A name that is taken gets `_1`, `_2`, …
 * `*` beside named fields of the same parent leaves those out.
 * Source: the semantics of Stream Reactor's JsonSql, except that it throws at a selected array.
 */
import { isJsonObject, type JsonObject, readPath } from "./path.ts";
import { type Column, type Path, selectsAll } from "./statement.ts";

type Projected =
  | { readonly ok: true; readonly document: JsonObject }
  | { readonly ok: false; readonly message: string };

export type Projection = {
  /** The document comes out as it goes in: its bytes may be used as they are. */
  readonly identity: boolean;
  readonly project: (document: JsonObject) => Projected;
};

type Output = Record<string, unknown>;
type Step = (document: JsonObject, into: Output) => string | undefined;

export function compileProjection(columns: readonly Column[]): Projection {
  if (selectsAll(columns)) {
    return { identity: true, project: (document) => ({ ok: true, document }) };
  }
  const steps = columns.map((column) => compileColumn(column, columns));
  return { identity: false, project: (document) => runSteps(steps, document) };
}

function runSteps(steps: readonly Step[], document: JsonObject): Projected {
  // No prototype: a field named `__proto__` is a field like any other.
  const output = Object.create(null) as Output;
  for (const step of steps) {
    const fault = step(document, output);
    if (fault !== undefined) return { ok: false, message: fault };
  }
  return { ok: true, document: output };
}

function compileColumn(column: Column, all: readonly Column[]): Step {
  const { path, alias } = column;
  if (path.at(-1) === "*") {
    const parent = path.slice(0, -1);
    return liftChildren(parent, namedBeside(parent, all));
  }
  return (document, into) => {
    const found = readPath(document, path);
    if (!found.ok) return throughFault(path, found.through);
    put(into, alias, found.value);
    return undefined;
  };
}

function liftChildren(parent: Path, except: ReadonlySet<string>): Step {
  return (document, into) => {
    const found = readPath(document, parent);
    if (!found.ok) return throughFault(parent, found.through);
    if (found.value === undefined) return undefined;
    if (!isJsonObject(found.value)) return throughFault([...parent, "*"], parent.join("."));
    for (const name of Object.keys(found.value)) {
      if (!except.has(name)) put(into, name, found.value[name]);
    }
    return undefined;
  };
}

/** Last names of the columns with this parent. */
function namedBeside(parent: Path, all: readonly Column[]): ReadonlySet<string> {
  const names = all
    .filter(({ path }) => path.length === parent.length + 1 && path.at(-1) !== "*")
    .filter(({ path }) => parent.every((name, index) => path[index] === name))
    .map(({ path }) => path.at(-1)!);
  return new Set(names);
}

function put(into: Output, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  let free = name;
  for (let n = 1; free in into; n++) free = `${name}_${n}`;
  into[free] = value;
}

function throughFault(path: Path, through: string): string {
  return `'${path.join(".")}' leads through '${through}', which is no object`;
}
