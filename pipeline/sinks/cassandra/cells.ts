/** JSON values as cells of a column, by its CQL type. Pure. A value that does not fit is refused, never bent. */
import type { Cell } from "./api.ts";

export type CellResult =
  | { readonly ok: true; readonly cell: Cell }
  | { readonly ok: false; readonly message: string };

const int = (bits: number) => (value: unknown) =>
  Number.isInteger(value) && Math.abs((value as number) + 0.5) < 2 ** (bits - 1);

const fits: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  varchar: (value) => typeof value === "string",
  ascii: (value) => typeof value === "string" && /^[\0-\x7f]*$/.test(value),
  boolean: (value) => typeof value === "boolean",
  tinyint: int(8),
  smallint: int(16),
  int: int(32),
  bigint: (value) => Number.isSafeInteger(value),
  timestamp: (value) => Number.isSafeInteger(value),
  double: (value) => typeof value === "number",
  float: (value) => typeof value === "number",
  date: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value),
};

export function isSupportedType(type: string): boolean {
  return Object.hasOwn(fits, type);
}

/** Missing values are left alone: null would write a tombstone over what is there. */
export function toCell(value: unknown, type: string): CellResult {
  if (value === undefined || value === null) return { ok: true, cell: undefined };
  if (fits[type]?.(value) === true) return { ok: true, cell: value as Cell };
  return { ok: false, message: `${JSON.stringify(value)} does not fit a column of type ${type}` };
}
