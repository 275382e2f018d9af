/**
 * The short way from a record's value to writes: where every statement passes the value on as it
 * is, or takes single fields to the top, only those and the fields of key, version and time are
 * read, out of its bytes. Pure.
 */
import { readField } from "../../kcql/path.ts";
import { newOutput, put } from "../../kcql/projected-output.ts";
import { compileProjection, type Projection, plainColumns } from "../../kcql/projection.ts";
import type { FieldRef, Path, Statement } from "../../kcql/statement.ts";
import { compileFields, type ReadFields } from "./json-fields.ts";
import {
  type ConvertOptions,
  type ConvertRecord,
  compileStatement,
  type ReadField,
} from "./record-to-write.ts";

export type Scan = {
  /** False for a value that must be parsed. */
  readonly read: ReadFields;
  /** For `read` to fill and for `writes` to take from: one record after the other. */
  readonly found: unknown[];
  /** They look at nothing of the record's value but `found`. */
  readonly writes: readonly ConvertRecord[];
};

/** Undefined when a statement needs more of a value than single fields. */
export function compileScan(
  statements: readonly Statement[],
  options: Omit<ConvertOptions, "readerOf" | "projectionOf">,
): Scan | undefined {
  if (!statements.every(needsFieldsOnly)) return undefined;
  const paths: Path[] = [];
  const found: unknown[] = [];
  const readerOf = (ref: FieldRef): ReadField => {
    if (ref.from !== "value") return readParsed(ref);
    const known = paths.findIndex((path) => isSame(path, ref.path));
    const slot = known >= 0 ? known : paths.push(ref.path) - 1;
    return () => found[slot];
  };
  const projectionOf = (statement: Statement): Projection => project(statement, readerOf);
  const writes = statements.map((statement) =>
    compileStatement(statement, { ...options, readerOf, projectionOf }),
  );
  const read = compileFields(paths);
  return read && { read, found, writes };
}

function needsFieldsOnly(statement: Statement): boolean {
  return compileProjection(statement).identity || plainColumns(statement) !== undefined;
}

/** As `compileProjection`, but out of what was found in the bytes. */
function project(statement: Statement, readerOf: (ref: FieldRef) => ReadField): Projection {
  const projection = compileProjection(statement);
  if (projection.identity) return projection;
  const columns = plainColumns(statement) ?? [];
  const fields = columns.map((column) => ({ name: column.alias, read: readerOf(column) }));
  return {
    identity: false,
    project: (view) => {
      const document = newOutput();
      for (const { name, read } of fields) put(document, name, read(view));
      return { ok: true, document };
    },
  };
}

/** The usual way: out of the parsed value, the key, the headers. */
export function readParsed(ref: FieldRef): ReadField {
  return (view) => {
    const found = readField(view, ref);
    return found.ok ? found.value : undefined;
  };
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at]);
}
