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

export function newOutput(): Output {
  return Object.create(null) as Output;
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
