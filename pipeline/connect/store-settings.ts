/** The settings of a store out of a job's config, and what its statements may ask of that store. */
import { checkSuffix } from "../kcql/index-suffix.ts";
import { type Statement, selectsAll } from "../kcql/statement.ts";
import type { CassandraSettings, Consistency } from "../sinks/cassandra/settings.ts";
import { planTable, tableOf } from "../sinks/cassandra/table-plan.ts";
import type { ElasticsearchSettings } from "../sinks/elasticsearch/settings.ts";
import type { StoreKind } from "./config-keys.ts";
import type { ConfigReader } from "./config-reader.ts";

/** Elasticsearch's rules for names of indices: lower case, and none of `\ / * ? " < > | , # :` or blanks. */
const indexPattern = /^[^-_+.A-Z\\/*?"<>|,#:\s][^A-Z\\/*?"<>|,#:\s]*$/;
const maxIndexBytes = 255;

/** Cassandra's rule for names of keyspaces and tables. */
const tablePattern = /^[A-Za-z][A-Za-z0-9_]{0,47}$/;

export function readStore(
  store: StoreKind,
  reader: ConfigReader,
): ElasticsearchSettings | CassandraSettings {
  return store === "elasticsearch" ? readElasticsearch(reader) : readCassandra(reader);
}

function readElasticsearch({ text, list, int, fault }: ConfigReader): ElasticsearchSettings {
  const protocol = text("connect.elastic.protocol");
  const port = int("connect.elastic.port");
  const pkSeparator = text("connect.elastic.pk.separator");
  if (pkSeparator.startsWith("\\")) {
    fault("connect.elastic.pk.separator", "must not begin with a backslash, which escapes");
  }
  return {
    store: "elasticsearch",
    nodes: list("connect.elastic.hosts").map((host) => `${protocol}://${host}:${port}`),
    credentials: credentials(
      text("connect.elastic.use.http.username"),
      text("connect.elastic.use.http.password"),
    ),
    batchSize: int("connect.elastic.batch.size"),
    writeTimeoutMs: int("connect.elastic.write.timeout"),
    pkSeparator,
    shards: int("fleetproof.elastic.shards"),
    replicas: int("fleetproof.elastic.replicas"),
  };
}

function readCassandra({ text, list, int, fault }: ConfigReader): CassandraSettings {
  const keyspace = text("connect.cassandra.key.space");
  if (keyspace !== "" && !tablePattern.test(keyspace)) {
    fault("connect.cassandra.key.space", `'${keyspace}' cannot be a keyspace's name`);
  }
  return {
    store: "cassandra",
    contactPoints: list("connect.cassandra.contact.points"),
    port: int("connect.cassandra.port"),
    keyspace,
    localDataCenter: text("connect.cassandra.load.balancing.local.dc"),
    credentials: credentials(
      text("connect.cassandra.username"),
      text("connect.cassandra.password"),
    ),
    consistency: text("connect.cassandra.consistency.level") as Consistency,
    replication: int("fleetproof.cassandra.replication"),
  };
}

function credentials(username: string, password: string) {
  return username === "" ? undefined : { username, password };
}

export function checkElasticsearch(statement: Statement, { fault }: ConfigReader): void {
  const key = "connect.elastic.kcql";
  const { target, indexSuffix, primaryKey, ttlSeconds } = statement;
  if (primaryKey.length === 0) {
    fault(key, `INTO ${target} has no PK: without one a replay would double every document`);
  }
  if (ttlSeconds !== undefined) fault(key, "TTL is for Cassandra; an index is retired as a whole");
  const suffix = checkSuffix(indexSuffix ?? "");
  const sample = suffix.ok ? target + suffix.format(0) : target;
  if (!indexPattern.test(sample) || Buffer.byteLength(sample) > maxIndexBytes) {
    fault(key, `'${sample}' cannot be an index's name: lower case, no marks but '.', '_' and '-'`);
  }
}

export function checkCassandra(
  statement: Statement,
  settings: CassandraSettings,
  { fault }: ConfigReader,
): void {
  const key = "connect.cassandra.kcql";
  if (statement.indexSuffix !== undefined) fault(key, "WITHINDEXSUFFIX is for Elasticsearch");
  const { keyspace, name } = tableOf(statement, settings.keyspace);
  if (!tablePattern.test(keyspace) || !tablePattern.test(name)) {
    fault(key, `'${statement.target}' cannot be a table's name`);
  }
  if (selectsAll(statement.columns)) {
    fault(key, "SELECT * alone gives nested objects, which are no columns: list the columns");
    return;
  }
  if (!statement.autoCreate) return;
  const planned = planTable(statement, settings.keyspace);
  if (!planned.ok) fault(key, planned.message);
}
