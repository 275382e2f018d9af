/**
 * A persisting job's config file with the scenario's own keys laid over it: what its processes are given. What the
 * keys mean is the job's business.
 */
import { readFileSync } from "node:fs";

/** null takes a key of the file away. */
export type JobKeys = Readonly<Record<string, string | number | boolean | null>>;

export type JobFile = { readonly [key: string]: unknown };

/** Errors: those of reading the file, and a `SyntaxError` when it is no JSON. */
export function jobFileOf(job: { readonly file: string; readonly config: JobKeys }): unknown {
  return layKeys(JSON.parse(readFileSync(job.file, "utf8")), job.config);
}

/** A value that holds no config stays as it is: its validation says so. */
export function layKeys(value: unknown, keys: JobKeys): unknown {
  if (!isObject(value) || !isObject(value["config"])) return value;
  const laid = Object.entries({ ...value["config"], ...keys });
  const config = Object.fromEntries(
    laid.filter(([key, one]) => one !== null || !Object.hasOwn(keys, key)),
  );
  return { ...value, config };
}

function isObject(value: unknown): value is JobFile {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
