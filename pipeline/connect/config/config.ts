/**
 * A persisting job's config, in Kafka Connect's JSON: `{ name, config }`, the latter flat. Validated
 * whole before anything starts: all faults at once, by key, as Connect's validate gives them.
 * Refused rather than ignored: keys that nothing reads, and what would lose or double records.
 */
import { readFileSync } from "node:fs";
import { isJsonObject, type JsonObject } from "../../kcql/path.ts";
import { checkKeys } from "./check-keys.ts";
import { checkStatements } from "./check-statements.ts";
import { keysOf } from "./config-keys.ts";
import { type ConfigError, type ConfigReader, plainText, readConfig } from "./config-reader.ts";
import { connectorClasses, type StoreKind, storeOf, storePrefix } from "./connector-classes.ts";
import { type ExpandContext, expand } from "./expand.ts";
import type { JobConfig, NullValues } from "./job-config.ts";
import { readConsumer } from "./read-consumer.ts";
import { readConverters } from "./read-converters.ts";
import { readErrorHandling } from "./read-error-handling.ts";
import { readFields } from "./read-fields.ts";
import { readStatements } from "./read-statements.ts";
import { readStore } from "./store-settings.ts";

export type ValidatedJobConfig =
  | { readonly ok: true; readonly config: JobConfig; readonly warnings: readonly string[] }
  | {
      readonly ok: false;
      readonly errors: readonly ConfigError[];
      readonly warnings: readonly string[];
    };

/** Where `${…}` in values comes from: the environment and the file system, unless said. */
export type ConfigContext = Pick<ExpandContext, "variables"> & Partial<ExpandContext>;

/**
 * Also the name of its group, its metrics, its dead-letter topic: nothing that could become a path.
 */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** `value`: what was read from JSON, `{ name, config }`. */
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
  const className = expand(plainText(entries["connector.class"]) ?? "", sources);
  const store = className.ok ? storeOf(className.text) : undefined;
  if (store === undefined) {
    const known = Object.keys(connectorClasses).filter((name) => name.startsWith("fleetproof."));
    return refuse(
      "connector.class",
      `names no connector that is here; there are ${known.join(", ")}`,
    );
  }
  const reader = readConfig(entries, keysOf(store), sources);
  checkKeys(value, entries, store, reader);
  const config = readJob(value, entries, store, reader, sources);
  const { errors, warnings } = reader;
  return errors.length > 0 ? { ok: false, errors, warnings } : { ok: true, config, warnings };
}

function refuse(key: string, message: string): ValidatedJobConfig {
  return { ok: false, errors: [{ key, message }], warnings: [] };
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
  const isStrict = reader.text("fleetproof.kcql.mode") !== "compat";
  const statements = readStatements(`${storePrefix[store]}kcql`, topics, isStrict, reader);
  const fields = readFields(store, reader);
  const converters = readConverters(reader);
  const settings = readStore(store, { name, mergeUpserts: !isStrict, reader });
  const config: JobConfig = {
    name,
    properties: propertiesOf(entries),
    tasksMax: reader.int("tasks.max"),
    topics,
    statements,
    fields,
    converters,
    nullValues: readNullValues(store, reader),
    errors: readErrorHandling(storePrefix[store], topics, reader),
    consumer: readConsumer(reader),
    store: settings,
  };
  checkStatements(config, isStrict, reader);
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

function readNullValues(store: StoreKind, reader: ConfigReader): NullValues {
  const said = reader.text("fleetproof.null.values") as NullValues;
  const deletes = store === "cassandra" && reader.bool("connect.cassandra.delete.enabled");
  return deletes ? "delete" : said;
}

/** As they were given, for those who ask later; what is no plain value was refused above. */
function propertiesOf(entries: JsonObject): Readonly<Record<string, string>> {
  const given = Object.entries(entries).map(([key, value]) => [key, plainText(value)] as const);
  return Object.fromEntries(
    given.filter((one): one is readonly [string, string] => one[1] !== undefined),
  );
}
