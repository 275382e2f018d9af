/** The document that a projection fills, one step a column. */
import { fieldText, type RecordView } from "./path.ts";
import type { FieldRef } from "./statement.ts";

/**
 * A document in the making. It has no prototype: a field named `__proto__` is a field like any
 * other.
 */
export type Output = Record<string, unknown>;

/** Adds what one column selects, or says in a sentence why it cannot. */
export type Step = (record: RecordView, into: Output) => string | undefined;

/**
 * As `Object.create(null)`, but of one hidden class for all documents of a statement: V8 keeps
 * those as hash tables, which cost more memory and more time.
 */
const Document = function Document() {} as unknown as new () => Output;
Document.prototype = Object.create(null);

export function newOutput(): Output {
  return new Document();
}

/** Under `name`, or the first free of `name_1`, `name_2`, …; nothing and null are left out. */
export function put(into: Output, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  let free = name;
  for (let n = 1; free in into; n++) free = `${name}_${n}`;
  into[free] = value;
}

export function throughFault(ref: FieldRef, through: string): string {
  return `'${fieldText(ref)}' leads through '${through}', which is no object`;
}
