/** Small facts lie in JSON files of the run folder. Written by us, so only the schema number is asked for. */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { FactsError } from "./facts-error.ts";

export async function writeJson(file: string, value: { readonly schema: 1 }): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, undefined, 1)}\n`);
}

/** Errors: `FactsError` when the file is missing, no JSON, or of another schema. */
export async function readJson<T extends { readonly schema: 1 }>(file: string): Promise<T> {
  let value: T | null;
  try {
    value = JSON.parse(await readFile(file, "utf8")) as T | null;
  } catch (cause) {
    throw new FactsError(`cannot read ${file}`, { cause });
  }
  const schema: unknown = value?.schema;
  if (typeof schema === "number" && schema !== 1) {
    throw new FactsError(`${basename(file)} is of schema ${schema}, and this version reads 1`);
  }
  if (value === null || schema !== 1) throw new FactsError(`${file} is not of schema 1`);
  return value;
}
