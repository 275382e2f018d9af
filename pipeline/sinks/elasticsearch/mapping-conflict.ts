/**
 * Would an index that exists refuse what a statement writes? Compares its mapping with the types planned. Pure.
 * Non-goal: taste. A type that takes every value of the planned one is no conflict.
 */
import type { JsonObject } from "../../kcql/path.ts";
import { objectAt } from "./index-template.ts";
import type { Mapping, Properties } from "./planned-properties.ts";

/** Types that take what the planned type holds. */
const takers: Readonly<Record<string, readonly string[]>> = {
  keyword: ["keyword", "text", "wildcard", "match_only_text", "constant_keyword"],
  date: ["date", "date_nanos", "long", "double"],
  integer: ["integer", "long", "unsigned_long", "float", "double", "scaled_float"],
  long: ["long", "unsigned_long", "float", "double", "scaled_float"],
  double: ["double", "float", "half_float", "scaled_float"],
};

/** What conflicts first, as "count is a keyword there and must be an integer"; undefined when nothing does. */
export function mappingConflict(
  mapping: JsonObject,
  planned: Properties,
  prefix = "",
): string | undefined {
  const there = objectAt(mapping, "properties");
  for (const [name, wanted] of Object.entries(planned)) {
    const held = objectAt(there, name);
    if (held === undefined) continue;
    const conflict = fieldConflict(held, wanted, prefix + name);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

function fieldConflict(
  held: JsonObject,
  wanted: Properties[string],
  path: string,
): string | undefined {
  // An object says no type of its own.
  const type = typeof held["type"] === "string" ? held["type"] : "object";
  if (isProperties(wanted)) {
    if (objectAt(held, "properties") !== undefined) {
      return mappingConflict(held, wanted.properties, `${path}.`);
    }
    return ["object", "flattened", "nested"].includes(type)
      ? undefined
      : `${path} is of type ${type} there and must be an object`;
  }
  if (takers[wanted.type]?.includes(type)) return undefined;
  return `${path} is of type ${type} there and must be of type ${wanted.type}`;
}

function isProperties(
  wanted: Mapping | { readonly properties: Properties },
): wanted is { readonly properties: Properties } {
  return "properties" in wanted;
}
