/**
 * What SELECT makes of a record. Pure. `*` alone leaves the value as it is; otherwise it is
 * flattened: `sensor.*` lifts the children of `sensor` to the top, `a.b.c` lands as `c`, an alias
 * renames, missing and null fields are left out, objects and arrays are kept whole. A name that is
 * taken gets `_1`, `_2`, … `*` beside named fields of the same parent leaves those out.
 * WITHSTRUCTURE keeps the nesting (`structured-projection.ts`); IGNORE leaves fields out before
 * anything else happens (`leave-out.ts`).
 * Source: the semantics of Stream Reactor's JsonSql, except that it throws at a selected array and
 * takes columns of the value only.
 */
import { leaveOut } from "./leave-out.ts";
import {
  fieldText,
  isJsonObject,
  type JsonObject,
  type RecordView,
  readField,
  readPath,
} from "./path.ts";
import { newOutput, put, type Step, throughFault } from "./projected-output.ts";
import { type Column, type FieldRef, type Statement, selectsAll } from "./statement.ts";
import { compileStructure } from "./structured-projection.ts";

type Projected =
  | { readonly ok: true; readonly document: JsonObject }
  | { readonly ok: false; readonly message: string };

export type Projection = {
  /** The value comes out as it goes in: its bytes may be used as they are. */
  readonly identity: boolean;
  readonly project: (record: RecordView) => Projected;
};

export function compileProjection(
  statement: Pick<Statement, "columns" | "ignored" | "withStructure">,
): Projection {
  const { columns, ignored, withStructure } = statement;
  const all = selectsAll(columns);
  if (all && ignored.length === 0) {
    return { identity: true, project: ({ value }) => ({ ok: true, document: value }) };
  }
  const without = leaveOut(ignored);
  if (all) {
    return {
      identity: false,
      project: (record) => ({ ok: true, document: without(record).value }),
    };
  }
  const flat = (column: Column): Step => compileColumn(column, columns);
  const steps = withStructure ? compileStructure(columns, flat) : columns.map(flat);
  if (ignored.length === 0) {
    return { identity: false, project: (record) => runSteps(steps, record) };
  }
  return { identity: false, project: (record) => runSteps(steps, without(record)) };
}

/**
 * The columns of a projection that takes single fields of the value to the top and does nothing
 * else; undefined for any other. `put` in their order, they make its document.
 */
export function plainColumns({
  columns,
  ignored,
  withStructure,
}: Pick<Statement, "columns" | "ignored" | "withStructure">): readonly Column[] | undefined {
  if (ignored.length > 0 || withStructure) return undefined;
  const isPlain = ({ from, path }: Column): boolean => from === "value" && path.at(-1) !== "*";
  return columns.every(isPlain) ? columns : undefined;
}

function runSteps(steps: readonly Step[], record: RecordView): Projected {
  const document = newOutput();
  for (const step of steps) {
    const fault = step(record, document);
    if (fault !== undefined) return { ok: false, message: fault };
  }
  return { ok: true, document };
}

function compileColumn(column: Column, all: readonly Column[]): Step {
  const { from, path, alias } = column;
  if (path.at(-1) === "*") {
    const parent: FieldRef = { from, path: path.slice(0, -1) };
    return liftChildren(parent, namedBeside(parent, all));
  }
  if (from === "value") {
    return ({ value }, into) => {
      const found = readPath(value, path);
      if (!found.ok) return throughFault(column, found.through);
      put(into, alias, found.value);
      return undefined;
    };
  }
  return (record, into) => {
    const found = readField(record, column);
    if (!found.ok) return throughFault(column, found.through);
    put(into, alias, found.value);
    return undefined;
  };
}

function liftChildren(parent: FieldRef, except: ReadonlySet<string>): Step {
  return (record, into) => {
    const found = readField(record, parent);
    if (!found.ok) return throughFault(parent, found.through);
    if (found.value === undefined) return undefined;
    if (!isJsonObject(found.value)) {
      return throughFault({ ...parent, path: [...parent.path, "*"] }, fieldText(parent));
    }
    for (const name of Object.keys(found.value)) {
      if (!except.has(name)) put(into, name, found.value[name]);
    }
    return undefined;
  };
}

/** Last names of the columns with this parent. */
function namedBeside(parent: FieldRef, all: readonly Column[]): ReadonlySet<string> {
  const names = all
    .filter(({ from, path }) => from === parent.from && path.length === parent.path.length + 1)
    .filter(({ path }) => parent.path.every((name, index) => path[index] === name))
    .map(({ path }) => path.at(-1)!);
  return new Set(names.filter((name) => name !== "*"));
}
