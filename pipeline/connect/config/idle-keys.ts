/**
 * Keys of Connect and of the old connectors that change nothing here: each with what it would have
 * done.
 */
import type { StoreKind } from "./connector-classes.ts";

type IdleKey = { readonly key: RegExp; readonly meaning: string };

const common: readonly IdleKey[] = [
  {
    key: /^transforms(\.|$)/,
    meaning: "would transform records before the sink: project with KCQL",
  },
  { key: /^predicates(\.|$)/, meaning: "would choose the records that transforms apply to" },
  { key: /^header\.converter(\.|$)/, meaning: "would decode headers: here they are UTF-8 text" },
  { key: /^(key|value)\.converter\../, meaning: "would set up a converter" },
  {
    key: /^errors\.retry\.(timeout|delay\.max\.ms)$/,
    meaning:
      "would repeat conversions that failed: here a conversion gives the same result each time",
  },
  {
    key: /^consumer\.override\../,
    meaning: "would set up Kafka's Java consumer: here another client reads",
  },
  { key: /^(producer|admin)\.override\../, meaning: "would set up Kafka's Java clients" },
  {
    key: /^config\.action\.reload$/,
    meaning: "would restart the job when a secret changes: here secrets are read at each start",
  },
  { key: /^tasks\.max\.enforce$/, meaning: "would only warn of too many tasks" },
  { key: /^connector\.plugin\.version$/, meaning: "would choose among installed versions" },
  { key: /^connect\.progress\.enabled$/, meaning: "would log counts of records: see /metrics" },
  { key: /^ssl\../, meaning: "would set up TLS: here Node's own certificates and variables do" },
];

const elasticsearch: readonly IdleKey[] = [
  {
    key: /^connect\.elastic\.cluster\.name$/,
    meaning: "would name the cluster for the transport protocol",
  },
  {
    key: /^connect\.elastic\.(url|url\.prefix|use\.http|xpack\.(settings|plugins))$/,
    meaning: "would say where the servers are: use connect.elastic.hosts, .port and .protocol",
  },
  { key: /^connect\.elastic\.tableprefix$/, meaning: "would go before the path of each request" },
  {
    key: /^connect\.elastic\.(index\.auto\.create|index\.suffix|document\.type)$/,
    meaning: "would have changed nothing in Stream Reactor either: use KCQL's clauses",
  },
  {
    key: /^connect\.elastic\.error\.throw$/,
    meaning: "would stop the task at an error: use connect.elastic.error.policy",
  },
];

const cassandra: readonly IdleKey[] = [
  {
    key: /^connect\.cassandra\.delete\.(statement|struct_flds)$/,
    meaning: "would be the CQL of a delete: here it is by the statement's PK",
  },
  {
    key: /^connect\.cassandra\.(ssl\..+|trust\.store\..+|key\.store\..+)$/,
    meaning: "would set up TLS: here Node's own certificates and variables do",
  },
  {
    key: /^connect\.cassandra\.(threadpool\.size|max\.concurrent\.requests|connection\.pool\.size)$/,
    meaning: "would bound what is under way at once: here it is bounded already",
  },
  {
    key: /^connect\.cassandra\.max\.batch\.size$/,
    meaning: "would bound the rows of one batch: use BATCH in KCQL",
  },
  {
    key: /^connect\.cassandra\.query\.timeout\.ms$/,
    meaning: "would bound the wait for an answer: use connect.cassandra.read.timeout.ms",
  },
  {
    key: /^connect\.cassandra\.auth\..+$/,
    meaning: "would say how to log in: use connect.cassandra.username and .password",
  },
  {
    key: /^connect\.cassandra\.ignore\.errors\.mode$/,
    meaning: "would say which errors to pass over: use connect.cassandra.error.policy",
  },
  {
    key: /^connect\.cassandra\.(load\.balancing\.policy|compression|mapping\.collection\.to\.json)$/,
    meaning: "would set up the Java driver",
  },
  { key: /^connect\.cassandra\.driver\..+$/, meaning: "would set up the Java driver" },
];

const own = { elasticsearch, cassandra } as const satisfies Record<StoreKind, readonly IdleKey[]>;

/** What `key` would have done, if it is a key that changes nothing. */
export function idleMeaning(key: string, store: StoreKind): string | undefined {
  return [...common, ...own[store]].find((idle) => idle.key.test(key))?.meaning;
}
