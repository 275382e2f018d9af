/** The settings of a store, out of a job's config. */
import type { CassandraSettings, Consistency } from "../../sinks/cassandra/settings.ts";
import type {
  ElasticsearchSettings,
  RetirementSettings,
} from "../../sinks/elasticsearch/settings.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { StoreKind } from "./connector-classes.ts";

/** Cassandra's rule for names of keyspaces and tables. */
export const tablePattern = /^[A-Za-z][A-Za-z0-9_]{0,47}$/;

/** A host's name or address: nothing that could smuggle a path or a login into a URL. */
const hostPattern = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])$/;

type Job = {
  readonly name: string;
  readonly mergeUpserts: boolean;
  readonly reader: ConfigReader;
};

export function readStore(store: StoreKind, job: Job): ElasticsearchSettings | CassandraSettings {
  return store === "elasticsearch" ? readElasticsearch(job) : readCassandra(job.reader);
}

function readElasticsearch({ name, mergeUpserts, reader }: Job): ElasticsearchSettings {
  const { text, int, fault } = reader;
  const protocol = text("connect.elastic.protocol");
  const port = int("connect.elastic.port");
  const pkSeparator = text("connect.elastic.pk.separator");
  if (pkSeparator.startsWith("\\")) {
    fault("connect.elastic.pk.separator", "must not begin with a backslash, which escapes");
  }
  return {
    store: "elasticsearch",
    nodes: readHosts("connect.elastic.hosts", reader).map(
      (host) => `${protocol}://${host}:${port}`,
    ),
    credentials: credentials(
      text("connect.elastic.use.http.username"),
      text("connect.elastic.use.http.password"),
    ),
    batchSize: int("connect.elastic.batch.size"),
    writeTimeoutMs: int("connect.elastic.write.timeout"),
    pkSeparator,
    shards: int("fleetproof.elastic.shards"),
    replicas: int("fleetproof.elastic.replicas"),
    job: name,
    mergeUpserts,
    retirement: readRetirement(reader),
  };
}

function readRetirement({ text, int }: ConfigReader): RetirementSettings | undefined {
  const afterDays = int("retire.after.days");
  const action = text("retire.action") as RetirementSettings["action"];
  return afterDays === 0 ? undefined : { afterDays, action };
}

function readCassandra(reader: ConfigReader): CassandraSettings {
  const { text, int, fault } = reader;
  const keyspace = text("connect.cassandra.key.space");
  if (keyspace !== "" && !tablePattern.test(keyspace)) {
    fault("connect.cassandra.key.space", `'${keyspace}' cannot be a keyspace's name`);
  }
  return {
    store: "cassandra",
    contactPoints: readHosts("connect.cassandra.contact.points", reader),
    port: int("connect.cassandra.port"),
    keyspace,
    localDataCenter: text("connect.cassandra.load.balancing.local.dc"),
    credentials: credentials(
      text("connect.cassandra.username"),
      text("connect.cassandra.password"),
    ),
    consistency: text("connect.cassandra.consistency.level") as Consistency,
    replication: int("fleetproof.cassandra.replication"),
    connectTimeoutMs: int("connect.cassandra.connect.timeout.ms"),
    readTimeoutMs: int("connect.cassandra.read.timeout.ms"),
    missing: text("connect.cassandra.default.value") === "UNSET" ? "unset" : "null",
  };
}

function readHosts(key: string, { list, fault }: ConfigReader): readonly string[] {
  const hosts = list(key);
  const odd = hosts.find((host) => host !== "" && !hostPattern.test(host));
  if (odd !== undefined) fault(key, `'${odd}' is no name or address of a host (ports are apart)`);
  return hosts;
}

function credentials(username: string, password: string) {
  return username === "" ? undefined : { username, password };
}
