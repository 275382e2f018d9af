/**
 * What kind of value each field of an aggregate holds: the one source of mappings and column types when a
 * statement says AUTOCREATE. Fields that are not listed have no kind: the store must be told by hand.
 */
import type { Column, Path } from "../kcql/statement.ts";

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

/** A field of the target: its name there, and its kind if it is known. */
export type TargetField = {
  readonly name: string;
  readonly path: Path;
  readonly kind: FieldKind | undefined;
};

/**
 * The fields that flattening `columns` gives, `*` spelled out from what is known.
 * A bare `*` lifts only top-level values; the objects under it stay whole and are left out here.
 */
export function targetFields(columns: readonly Column[]): readonly TargetField[] {
  return columns.flatMap(({ path, alias }) => {
    if (path.at(-1) !== "*") return [{ name: alias, path, kind: fieldKinds[path.join(".")] }];
    const parent = path.slice(0, -1);
    return Object.keys(fieldKinds)
      .map((known) => known.split("."))
      .filter((known) => known.length === path.length)
      .filter((known) => parent.every((name, index) => known[index] === name))
      .map((known) => ({ name: known.at(-1)!, path: known, kind: fieldKinds[known.join(".")] }));
  });
}
