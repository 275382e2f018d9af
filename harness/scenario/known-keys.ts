/** The keys that may stand at a place of the schema: for the nearest-key hints. */
import * as z from "zod";
import type { Path } from "./scenario-document.ts";

/** Empty where the schema holds no object with fixed keys. */
export function knownKeys(schema: unknown, path: Path): readonly string[] {
  const here = unwrapped(schema);
  const [first, ...rest] = path;
  if (first === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
  if (here instanceof z.ZodArray) return knownKeys(here.element, rest);
  if (here instanceof z.ZodObject) return knownKeys(here.shape[first], rest);
  return [];
}

function unwrapped(schema: unknown): unknown {
  const wraps =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  if (wraps) return unwrapped(schema.def.innerType);
  // What comes out of a preparation is what the file may say at length.
  return schema instanceof z.ZodPipe ? unwrapped(schema.def.out) : schema;
}
