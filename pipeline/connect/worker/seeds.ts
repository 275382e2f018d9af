/**
 * Jobs from files. A file seeds its job's config: it is published unless the topic holds one that
 * came from the same content. So what REST has changed since survives a restart, and a file that
 * was changed wins.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ValidatedJobConfig } from "../config/config.ts";
import type { ConfigRecord } from "./cluster-records.ts";
import type { ClusterView } from "./cluster-view.ts";

export type Seed = {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Of the file's content; blanks and line ends do not count. */
  readonly hash: string;
};

/**
 * Files that cannot be read or hold no usable config; the message names every fault of every file.
 */
class JobConfigError extends Error {
  readonly code = "invalid-config";

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "JobConfigError";
  }
}

/** No config that a person wrote is larger. */
const fileBytesMax = 1024 * 1024;

type Read =
  | { readonly ok: true; readonly seed: Seed; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly faults: readonly string[] };

/**
 * All files or none. Errors: `JobConfigError`. `check` says what is wrong with `{ name, config }`.
 */
export async function readSeeds(
  files: readonly string[],
  check: (value: unknown) => Promise<ValidatedJobConfig>,
  onWarning: (file: string, warning: string) => void,
): Promise<readonly Seed[]> {
  const seeds: Seed[] = [];
  const faults: string[] = [];
  for (const file of files) {
    const read = await readSeed(file, check);
    if (!read.ok) {
      faults.push(...read.faults.map((fault) => `${file}: ${fault}`));
      continue;
    }
    const { seed, warnings } = read;
    for (const warning of warnings) onWarning(file, warning);
    if (seeds.some(({ name }) => name === seed.name)) {
      faults.push(`${file}: name is '${seed.name}', as in a file before it: names must differ`);
    }
    seeds.push(seed);
  }
  if (faults.length > 0) throw new JobConfigError(faults.join("\n"));
  return seeds;
}

/**
 * What to publish for the seed; undefined: the topic has it already. A job that another group ran
 * is taken over.
 */
export function seedRecord(view: ClusterView, seed: Seed, group: string): ConfigRecord | undefined {
  const known = view.configs.get(seed.name);
  const source = { kind: "file", hash: seed.hash } as const;
  if (known?.source.kind !== "file" || known.source.hash !== seed.hash) {
    return { properties: seed.properties, group, source };
  }
  return known.group === group ? undefined : { ...known, group };
}

async function readSeed(
  file: string,
  check: (value: unknown) => Promise<ValidatedJobConfig>,
): Promise<Read> {
  const parsed = await readJson(file);
  if (!parsed.ok) return parsed;
  const validated = await check(parsed.value);
  if (!validated.ok) {
    return {
      ok: false,
      faults: validated.errors.map(({ key, message }) => `${key} ${message}`.trim()),
    };
  }
  const { name, properties } = validated.config;
  const hash = createHash("sha256").update(JSON.stringify(parsed.value)).digest("hex");
  const seed = { name, properties: { ...properties, name }, hash };
  return { ok: true, seed, warnings: validated.warnings };
}

async function readJson(
  file: string,
): Promise<{ ok: true; value: unknown } | { ok: false; faults: readonly string[] }> {
  try {
    const text = await readFile(file, "utf8");
    if (text.length > fileBytesMax) return { ok: false, faults: ["is larger than 1 MiB"] };
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, faults: [error instanceof Error ? error.message : String(error)] };
  }
}
