/**
 * A persisting job's config, in Kafka Connect's JSON: `{ name, config: { "connector.class", topics, … } }`.
 * Validated whole before anything starts: all faults at once, by key, as Connect's validate gives them.
 * Refused rather than ignored: keys that nothing reads, and what would lose or double records.
 */
import { readFileSync } from "node:fs";
import { describeFault, parseKcql } from "../kcql/parser.ts";
import { isJsonObject, type JsonObject } from "../kcql/path.ts";
import type { Path, Statement } from "../kcql/statement.ts";
import type { CassandraSettings } from "../sinks/cassandra/settings.ts";
import type { ElasticsearchSettings } from "../sinks/elasticsearch/settings.ts";
import { checkKeys } from "./check-keys.ts";
import { connectorClasses, keysOf, type StoreKind, storePrefix } from "./config-keys.ts";
import { type ConfigError, type ConfigReader, readConfig } from "./config-reader.ts";
import { type ExpandContext, expand } from "./expand.ts";
import type { RecordFields } from "./record-to-write.ts";
import { checkCassandra, checkElasticsearch, readStore } from "./store-settings.ts";

export type JobConfig = {
  readonly name: string;
  readonly tasksMax: number;
  readonly topics: readonly string[];
  /** At least one for each topic. */
  readonly statements: readonly Statement[];
  readonly fields: RecordFields;
  readonly retry: RetryPolicy;
  readonly store: ElasticsearchSettings | CassandraSettings;
};

/** `limit` attempts beyond the first; Infinity for ever, 0 for the policy THROW. */
export type RetryPolicy = { readonly limit: number; readonly intervalMs: number };

export type ValidatedJobConfig =
  | { readonly ok: true; readonly config: JobConfig; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/** Where `${…}` in values comes from; the environment and the file system unless said otherwise. */
export type ConfigContext = Pick<ExpandContext, "variables"> & Partial<ExpandContext>;

/** Also the name of its group, its metrics, its dead-letter topic: nothing that could become a path. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const topicPattern = /^[A-Za-z0-9._-]{1,249}$/;

export function validateJobConfig(value: unknown, context: ConfigContext): ValidatedJobConfig {
  const sources: ExpandContext = {
    env: (name) => process.env[name],
    readFile: (path) => readFileSync(path, "utf8"),
    ...context,
  };
  const entries = isJsonObject(value) ? value["config"] : undefined;
  if (!isJsonObject(value) || !isJsonObject(entries)) {
    return refuse("", "a job's config is an object with 'name' and 'config'");
  }
  const className = expand(String(entries["connector.class"] ?? ""), sources);
  const store = className.ok ? connectorClasses[className.text] : undefined;
  if (store === undefined) {
    const known = "fleetproof.ElasticsearchSink, fleetproof.CassandraSink";
    return refuse("connector.class", `names no connector that is here; there are ${known}`);
  }
  const reader = readConfig(entries, keysOf(store), sources);
  const warnings = checkKeys(value, entries, store, reader);
  const config = readJob(value, entries, store, reader, sources);
  return reader.errors.length > 0
    ? { ok: false, errors: reader.errors }
    : { ok: true, config, warnings };
}

function refuse(key: string, message: string): ValidatedJobConfig {
  return { ok: false, errors: [{ key, message }] };
}

function readJob(
  job: JsonObject,
  entries: JsonObject,
  store: StoreKind,
  reader: ConfigReader,
  sources: ExpandContext,
): JobConfig {
  const name = readName(job["name"], entries["name"], reader, sources);
  const topics = reader.list("topics");
  const statements = readStatements(`${storePrefix[store]}kcql`, topics, reader);
  checkConverters(reader);
  reader.text("fleetproof.kcql.mode");
  const config: JobConfig = {
    name,
    tasksMax: reader.int("tasks.max"),
    topics,
    statements,
    fields: {
      version: readField("fleetproof.version.field", reader),
      time: readField("fleetproof.time.field", reader),
    },
    retry: readRetry(storePrefix[store], reader),
    store: readStore(store, reader),
  };
  for (const statement of statements) {
    if (config.store.store === "elasticsearch") checkElasticsearch(statement, reader);
    else checkCassandra(statement, config.store, reader);
  }
  return config;
}

function readName(
  name: unknown,
  inner: unknown,
  { fault }: ConfigReader,
  sources: ExpandContext,
): string {
  const expanded = expand(typeof name === "string" ? name : "", sources);
  const text = expanded.ok ? expanded.text : "";
  if (!expanded.ok) fault("name", expanded.message);
  else if (!namePattern.test(text)) {
    fault("name", "must be 1 to 200 of letters, digits, '.', '_' and '-', a letter or digit first");
  }
  if (inner !== undefined && inner !== name) fault("name", "differs from the name within 'config'");
  return text;
}

function readStatements(
  key: string,
  topics: readonly string[],
  reader: ConfigReader,
): readonly Statement[] {
  const before = reader.errors.length;
  const text = reader.text(key);
  if (reader.errors.length > before) return [];
  const parsed = parseKcql(text);
  if (!parsed.ok) {
    reader.fault(key, describeFault(parsed.fault));
    return [];
  }
  const sources = new Set(parsed.statements.map(({ topic }) => topic));
  for (const topic of topics.filter((one) => one !== "")) {
    if (!topicPattern.test(topic)) reader.fault("topics", `'${topic}' cannot be a topic's name`);
    else if (!sources.has(topic)) reader.fault("topics", `no statement reads '${topic}'`);
  }
  for (const source of sources) {
    if (!topics.includes(source)) reader.fault(key, `reads '${source}', which 'topics' leaves out`);
  }
  return parsed.statements;
}

function readField(key: string, { text, fault }: ConfigReader): Path {
  const path = text(key).split(".");
  if (path.includes("")) fault(key, "must name a field, as in window.start");
  return path;
}

function readRetry(prefix: string, { text, int }: ConfigReader): RetryPolicy {
  const policy = text(`${prefix}error.policy`);
  const limit = int(`${prefix}max.retries`);
  const intervalMs = int(`${prefix}retry.interval`);
  if (policy !== "RETRY") return { limit: 0, intervalMs };
  return { limit: limit < 0 ? Number.POSITIVE_INFINITY : limit, intervalMs };
}

/** Keys are not read at all; values are JSON without a schema beside it. */
function checkConverters({ text, fault }: ConfigReader): void {
  text("key.converter");
  const converter = text("value.converter");
  if (converter !== "" && !converter.endsWith("JsonConverter")) {
    fault("value.converter", `is '${converter}'; values are read by JsonConverter only`);
  }
  if (text("value.converter.schemas.enable") !== "false") {
    fault("value.converter.schemas.enable", "must be false: the records hold plain JSON");
  }
}
