/** A job's config: what it gives, and how each fault is told by its key. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ConfigContext, validateJobConfig } from "../../../pipeline/connect/config.ts";

const variables = {
  run: "rabcdefgh",
  "elasticsearch.host": "127.0.0.1",
  "elasticsearch.port": "9201",
  "cassandra.host": "127.0.0.1",
  "cassandra.port": "9042",
  "cassandra.datacenter": "datacenter1",
};

type Job = { name: string; config: Record<string, unknown> };

function sample(store: "elasticsearch" | "cassandra"): Job {
  const file = new URL(`../../../scenarios/jobs/${store}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Job;
}

function elastic(changes: Record<string, unknown>, context: ConfigContext = { variables }) {
  const { name, config } = sample("elasticsearch");
  return validateJobConfig({ name, config: { ...config, ...changes } }, context);
}

function errorsOf(validated: ReturnType<typeof validateJobConfig>): string[] {
  return validated.ok ? [] : validated.errors.map(({ key, message }) => `${key}: ${message}`);
}

/** `${name}`, as a config writes it. */
const ref = (name: string): string => `\${${name}}`;

const kcql = "connect.elastic.kcql";
const topic = "rabcdefgh.temperatures.aggregated";

test("the sample jobs are valid and carry the names of the run", () => {
  const elasticsearch = validateJobConfig(sample("elasticsearch"), { variables });
  expect(elasticsearch).toMatchObject({
    ok: true,
    warnings: [],
    config: {
      name: "rabcdefgh-elasticsearch",
      topics: [topic],
      statements: [{ target: "rabcdefgh-temperatures", indexSuffix: "-{yyyy.MM.dd}" }],
      fields: { version: ["version"], time: ["window", "start"] },
      retry: { limit: Number.POSITIVE_INFINITY, intervalMs: 500 },
      store: { store: "elasticsearch", nodes: ["http://127.0.0.1:9201"], pkSeparator: "_" },
    },
  });
  const cassandra = validateJobConfig(sample("cassandra"), { variables });
  expect(cassandra).toMatchObject({
    ok: true,
    config: {
      name: "rabcdefgh-cassandra",
      store: { store: "cassandra", keyspace: "rabcdefgh", port: 9042 },
    },
  });
});

test("all faults come at once, each under its key", () => {
  const errors = errorsOf(
    elastic({
      topics: "other",
      "tasks.max": "many",
      "connect.elastic.port": 0,
      "connect.elastic.errors.policy": "RETRY",
      "fleetproof.version.field": "",
    }),
  );
  expect(errors).toEqual([
    "connect.elastic.errors.policy: is not known; is connect.elastic.error.policy meant?",
    "topics: no statement reads 'other'",
    `${kcql}: reads '${topic}', which 'topics' leaves out`,
    "tasks.max: is 'many'; allowed: integers from 1 to 1000",
    "fleetproof.version.field: must not be empty",
    "fleetproof.version.field: must name a field, as in window.start",
    "connect.elastic.port: is '0'; allowed: integers from 1 to 65535",
  ]);
});

test.each([
  [{ [kcql]: undefined }, /is required/],
  [
    { [kcql]: `INSERT INTO a SELECT * FROM ${topic} WHERE x PK id` },
    /line 1, column \d+: nothing reads/,
  ],
  [{ [kcql]: `INSERT INTO a SELECT * FROM ${topic}` }, /has no PK/],
  [{ [kcql]: `INSERT INTO a SELECT * FROM ${topic} PK id TTL=60` }, /TTL is for Cassandra/],
  [{ [kcql]: `INSERT INTO Temps SELECT * FROM ${topic} PK id` }, /cannot be an index's name/],
  [{ "connector.class": "org.example.Sink" }, /names no connector/],
  [{ "connect.elastic.error.policy": "NOOP" }, /allowed: RETRY, THROW/],
  [{ "fleetproof.kcql.mode": "compat" }, /allowed: strict/],
  [{ "value.converter": "io.confluent.connect.avro.AvroConverter" }, /JsonConverter only/],
  [{ "value.converter.schemas.enable": true }, /must be false/],
  [{ transforms: "route" }, /transforms are not supported/],
  [{ "connect.elastic.hosts": "a,,b" }, /empty entry/],
  [{ "connect.elastic.hosts": ["a"] }, /must be a text/],
  [{ "connect.elastic.pk.separator": "\\" }, /backslash/],
])("refused: %o", (changes, why) => {
  expect(errorsOf(elastic(changes)).join("\n")).toMatch(why);
});

test("a Cassandra job must list columns, name known types and stay away from suffixes", () => {
  const { name, config } = sample("cassandra");
  const errors = (statement: string): string =>
    errorsOf(
      validateJobConfig(
        { name, config: { ...config, "connect.cassandra.kcql": statement } },
        { variables },
      ),
    ).join("\n");
  expect(errors(`INSERT INTO t SELECT * FROM ${topic}`)).toMatch(/list the columns/);
  expect(errors(`INSERT INTO t SELECT x FROM ${topic} AUTOCREATE PK x`)).toMatch(/no type for 'x'/);
  expect(errors(`INSERT INTO t SELECT count FROM ${topic} AUTOCREATE`)).toMatch(/needs PK/);
  expect(errors(`INSERT INTO t SELECT count FROM ${topic} AUTOCREATE PK device.id`)).toMatch(
    /selected/,
  );
  expect(errors(`INSERT INTO t SELECT count FROM ${topic} WITHINDEXSUFFIX=_x`)).toMatch(
    /Elasticsearch/,
  );
  expect(errors(`INSERT INTO a-b SELECT count FROM ${topic}`)).toMatch(/table's name/);
});

test("the name cannot become a path", () => {
  for (const name of ["../x", "", "a/b", ".hidden", 7]) {
    const { config } = sample("elasticsearch");
    expect(errorsOf(validateJobConfig({ name, config }, { variables })).join()).toMatch(/^name/);
  }
});

test("what is not a job at all is refused", () => {
  for (const value of [null, [], "x", {}, { name: "a" }, { name: "a", config: [] }]) {
    expect(validateJobConfig(value, { variables }).ok).toBe(false);
  }
  expect(errorsOf(validateJobConfig({ ...sample("cassandra"), more: 1 }, { variables }))).toEqual([
    "more: is not known beside 'name' and 'config'",
  ]);
});

test("values take variables, the environment and files; what is missing is a fault", () => {
  const context = {
    variables,
    env: (name: string) => (name === "ES_USER" ? "ann" : undefined),
    readFile: (path: string) => {
      if (path === "/secrets/es") return "s3cret\n";
      throw new Error("no such file");
    },
  };
  const given = elastic(
    {
      "connect.elastic.use.http.username": ref("env:ES_USER"),
      "connect.elastic.use.http.password": ref("file:/secrets/es"),
    },
    context,
  );
  expect(given).toMatchObject({
    config: { store: { credentials: { username: "ann", password: "s3cret" } } },
  });
  const missing = elastic(
    {
      "connect.elastic.use.http.username": ref("env:NOBODY"),
      "connect.elastic.use.http.password": ref("file:/nowhere"),
      "connect.elastic.hosts": ref("somewhere"),
    },
    context,
  );
  expect(errorsOf(missing)).toEqual([
    `connect.elastic.hosts: nothing says what ${ref("somewhere")} stands for`,
    "connect.elastic.use.http.username: the environment variable NOBODY is not set",
    `connect.elastic.use.http.password: ${ref("file:/nowhere")} cannot be read: no such file`,
  ]);
});

test("class names that people have are accepted, and keys that change nothing are named", () => {
  const validated = elastic({
    "connector.class": "io.lenses.streamreactor.connect.elastic7.ElasticSinkConnector",
    "errors.tolerance": "none",
    "consumer.override.max.poll.records": "500",
  });
  expect(validated).toMatchObject({
    ok: true,
    warnings: [
      "errors.tolerance changes nothing",
      "consumer.override.max.poll.records changes nothing",
    ],
  });
});

test("THROW does not retry; RETRY does so as often as it is told", () => {
  const retry = (changes: Record<string, unknown>) => {
    const validated = elastic(changes);
    return validated.ok && validated.config.retry.limit;
  };
  expect(retry({ "connect.elastic.error.policy": "THROW" })).toBe(0);
  expect(retry({ "connect.elastic.max.retries": "5" })).toBe(5);
  expect(retry({ "connect.elastic.max.retries": -1 })).toBe(Number.POSITIVE_INFINITY);
});
