/**
 * Derives the config of a job that fills a new store from the config of the job that fills the old one: another name
 * (so another consumer group, which begins at the first offset) and another target for each statement. Everything
 * else stays as the user wrote it. Pure. What the new targets are called must keep them apart from the old ones: no
 * pattern of the old indices may match a new one.
 */
import type { JobFile } from "../scenario/job-file.ts";
import { jobOfNewStore, tableOfNewStore } from "./new-store-names.ts";

export type NewStoreConfig =
  | {
      readonly ok: true;
      /** To be written as JSON. */
      readonly config: JobFile;
      readonly targets: readonly { readonly from: string; readonly to: string }[];
    }
  /** One sentence, without the file's name. */
  | { readonly ok: false; readonly problem: string };

type Renamed =
  | { readonly ok: true; readonly to: string }
  | { readonly ok: false; readonly why: string };

/** Keyword by keyword as far as the target; the job's own validation has seen the whole. */
const statementPattern = /^(\s*(?:INSERT|UPSERT)\s+INTO\s+)(`[^`]+`|[^\s`]+)(\s+SELECT\s[\s\S]*)$/i;
const autoCreatePattern = /\sFROM\s[\s\S]*\sAUTOCREATE(\s|$)/i;
const deadLetterKey = "errors.deadletterqueue.topic.name";
const kcqlKeys = { elastic: "connect.elastic.kcql", cassandra: "connect.cassandra.kcql" } as const;
/** Cassandra takes no longer name of a table. */
const tableLengthMax = 48;

/** `file`: what a job's file holds; `nth`: the number of the new store, from 1. */
export function newStoreConfig(file: unknown, nth: number): NewStoreConfig {
  const job = readJob(file);
  if (job === undefined) return refuse("is no job config: it has no name, or no config");
  const key = Object.values(kcqlKeys).find((one) => typeof job.config[one] === "string");
  if (key === undefined) return refuse(`has none of ${Object.values(kcqlKeys).join(", ")}`);
  const rename = key === kcqlKeys.elastic ? renameIndex : renameTable;
  const statements: string[] = [];
  const targets: { from: string; to: string }[] = [];
  // The genuine parser splits at semicolons before it looks at backticks.
  for (const statement of String(job.config[key]).split(";")) {
    if (statement.trim() === "") continue;
    const match = statementPattern.exec(statement);
    if (match === null) {
      return refuse(
        `${key}: no target can be seen in '${statement.trim()}', so none can be renamed`,
      );
    }
    const [, head, target, rest] = match as unknown as [string, string, string, string];
    if (!autoCreatePattern.test(rest)) {
      return refuse(`${key}: INTO ${target} has no AUTOCREATE: nobody would make the new store`);
    }
    const quote = target.startsWith("`") ? "`" : "";
    const from = quote === "" ? target : target.slice(1, -1);
    const renamed = rename(from, nth);
    if (!renamed.ok) return refuse(`${key}: INTO ${target} ${renamed.why}`);
    statements.push(`${head}${quote}${renamed.to}${quote}${rest}`);
    targets.push({ from, to: renamed.to });
  }
  const taken = targets.find(({ to }) => targets.some(({ from }) => from === to));
  if (taken !== undefined) {
    return refuse(`${key}: the new name of ${taken.from}, ${taken.to}, is a target already`);
  }
  const name = jobOfNewStore(job.name, nth);
  const config: Record<string, unknown> = { ...job.config, [key]: statements.join(";") };
  if ("name" in config) config["name"] = name;
  // What the new job cannot store is not the old one's to account for.
  const deadLetters = config[deadLetterKey];
  if (typeof deadLetters === "string" && deadLetters !== "") {
    config[deadLetterKey] = jobOfNewStore(deadLetters, nth);
  }
  return { ok: true, config: { ...job.file, name, config }, targets };
}

/** The same job, with another topic wherever the config names this one. */
export function readingFrom(file: unknown, topic: string, other: string): unknown {
  return JSON.parse(JSON.stringify(file).replaceAll(topic, other));
}

function refuse(problem: string): NewStoreConfig {
  return { ok: false, problem };
}

type ParsedJob = {
  readonly file: JobFile;
  readonly name: string;
  readonly config: JobFile;
};

function readJob(value: unknown): ParsedJob | undefined {
  const file = typeof value === "object" && value !== null ? (value as JobFile) : undefined;
  const [name, config] = [file?.["name"], file?.["config"]];
  if (file === undefined || typeof name !== "string") return undefined;
  if (typeof config !== "object" || config === null) return undefined;
  return { file, name, config: config as JobFile };
}

/** `${run}-temperatures` → `${run}-new1-temperatures`: no pattern that begins with the old name matches it. */
function renameIndex(target: string, nth: number): Renamed {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the config writes it.
  const base = "${run}-";
  const rest = target.slice(base.length);
  if (!target.startsWith(base) || rest === "") {
    const why = `does not begin with '${base}' and a name, so no name for a new index follows from it`;
    return { ok: false, why };
  }
  return { ok: true, to: `${base}new${nth}-${rest}` };
}

/** `temperatures` → `temperatures_new1`, in the same keyspace. */
function renameTable(target: string, nth: number): Renamed {
  const to = tableOfNewStore(target, nth);
  const table = to
    .replace(/^\$\{run\}\./, "")
    .split(".")
    .at(-1)!;
  if (table.includes("${")) {
    return {
      ok: false,
      why: "holds a variable, so that the name of a new table cannot be checked",
    };
  }
  if (table.length <= tableLengthMax) return { ok: true, to };
  const why = `would become a table of ${table.length} characters; Cassandra allows ${tableLengthMax}`;
  return { ok: false, why };
}
