/**
 * What the statements of a job may ask: of any store, of theirs, and of what else the config says.
 */
import { checkSuffix } from "../../kcql/index-suffix.ts";
import { fieldText } from "../../kcql/path.ts";
import type { Statement } from "../../kcql/statement.ts";
import type { CassandraSettings } from "../../sinks/cassandra/settings.ts";
import { planTable, shapeFault, tableOf } from "../../sinks/cassandra/table-plan.ts";
import { nameFault } from "../../sinks/elasticsearch/index-names.ts";
import type { ElasticsearchSettings } from "../../sinks/elasticsearch/settings.ts";
import type { ConfigReader } from "./config-reader.ts";
import { storePrefix } from "./connector-classes.ts";
import type { JobConfig } from "./job-config.ts";
import { tablePattern } from "./store-settings.ts";

/**
 * Tells what a statement asks for that will not be done: a fault in strict mode, a warning in
 * compat.
 */
type Undone = (message: string) => void;

export function checkStatements(config: JobConfig, isStrict: boolean, reader: ConfigReader): void {
  const { store, statements } = config;
  const key = `${storePrefix[store.store]}kcql`;
  const undone: Undone = (message) => (isStrict ? reader.fault : reader.warn)(key, message);
  for (const statement of statements) {
    checkCommon(statement, config, key, undone, reader);
    if (store.store === "elasticsearch") {
      checkElasticsearch(statement, config, store, isStrict, undone, reader);
    } else checkCassandra(statement, store, undone, reader);
  }
  checkRetirement(config, reader);
}

function checkCommon(
  statement: Statement,
  { converters, nullValues, fields }: JobConfig,
  key: string,
  undone: Undone,
  { fault }: ConfigReader,
): void {
  const { target, others, primaryKey, columns } = statement;
  for (const clause of others) undone(`INTO ${target}: no sink here acts on ${clause}`);
  const refs = [...primaryKey, ...columns, fields.version, fields.time];
  const below = refs.find(({ from, path }) => from === "key" && path.length > 0);
  if (below !== undefined && converters.key !== "json" && converters.key !== "json-schema") {
    fault(
      key,
      `INTO ${target} reads ${fieldText(below)}: that needs JsonConverter as key.converter`,
    );
  }
  if (nullValues !== "delete") return;
  const nullKey = "fleetproof.null.values";
  if (primaryKey.length === 0) {
    fault(nullKey, `is delete, but INTO ${target} has no PK: nobody knows what to delete`);
  }
  const inValue = primaryKey.find(({ from }) => from === "value");
  if (inValue !== undefined) {
    fault(
      nullKey,
      `is delete, but a record without a value has no '${fieldText(inValue)}': ` +
        "PK must be of _key or _header",
    );
  }
}

function checkElasticsearch(
  statement: Statement,
  { fields, nullValues }: JobConfig,
  settings: ElasticsearchSettings,
  isStrict: boolean,
  undone: Undone,
  { fault, warn }: ConfigReader,
): void {
  const key = "connect.elastic.kcql";
  const { mode, target, indexSuffix, primaryKey, ttlSeconds } = statement;
  const merges = mode === "UPSERT" && settings.mergeUpserts;
  if (merges && primaryKey.length === 0) fault(key, `UPSERT INTO ${target} needs PK`);
  else if (primaryKey.length === 0) {
    warn(
      key,
      `INTO ${target} has no PK: a document's id is topic, partition and offset, ` +
        "so a topic that is built again doubles every document",
    );
  }
  if (merges) {
    warn(
      key,
      `UPSERT INTO ${target} merges into what is stored, without a version: not replay-safe`,
    );
  }
  if (ttlSeconds !== undefined) undone("TTL is for Cassandra; an index is retired as a whole");
  const suffix = checkSuffix(indexSuffix ?? "", isStrict ? "strict" : "compat");
  if (!suffix.ok) {
    const { message, suggestion } = suffix;
    fault(key, `WITHINDEXSUFFIX: ${message}${suggestion === undefined ? "" : `. ${suggestion}`}`);
    return;
  }
  const wrong = nameFault(target + suffix.format(0));
  if (wrong !== undefined) fault(key, wrong);
  const isTimeInValue = fields.time.from === "value" || fields.indexTime === "wall-clock";
  if (nullValues === "delete" && hasDate(statement) && isTimeInValue) {
    fault(
      "fleetproof.null.values",
      `is delete, but nothing says which index of INTO ${target} a record without a value ` +
        "means: fleetproof.time.field must be of _key or _header, or the suffix without a date",
    );
  }
}

function checkCassandra(
  statement: Statement,
  settings: CassandraSettings,
  undone: Undone,
  { fault }: ConfigReader,
): void {
  const key = "connect.cassandra.kcql";
  if (statement.indexSuffix !== undefined) undone("WITHINDEXSUFFIX is for Elasticsearch");
  if (statement.pipeline !== undefined) undone("WITHPIPELINE is for Elasticsearch");
  const { keyspace, name } = tableOf(statement, settings.keyspace);
  if (!tablePattern.test(keyspace) || !tablePattern.test(name)) {
    fault(key, `'${statement.target}' cannot be a table's name`);
  }
  const shape = shapeFault(statement);
  if (shape !== undefined) fault(key, shape);
  if (shape !== undefined || !statement.autoCreate) return;
  const planned = planTable(statement, settings.keyspace);
  if (!planned.ok) fault(key, planned.message);
}

function checkRetirement({ store, statements }: JobConfig, { warn }: ConfigReader): void {
  if (store.store !== "elasticsearch" || store.retirement === undefined) return;
  if (!statements.some(hasDate)) {
    warn("retire.after.days", "retires nothing: no statement has a date in WITHINDEXSUFFIX");
  }
}

function hasDate({ indexSuffix }: Statement): boolean {
  return indexSuffix?.includes("{") === true;
}
