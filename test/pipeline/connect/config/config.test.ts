/** A job's config: what it gives, and how each fault is told by its key. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  type ConfigContext,
  validateJobConfig,
} from "../../../../pipeline/connect/config/config.ts";

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
  const file = new URL(`../../../../scenarios/jobs/${store}.json`, import.meta.url);
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
      fields: {
        version: { from: "value", path: ["version"] },
        time: { from: "value", path: ["window", "start"] },
        indexTime: "event",
      },
      converters: { key: "string", value: "json" },
      nullValues: "fail",
      errors: {
        policy: "RETRY",
        retry: { limit: Number.POSITIVE_INFINITY, intervalMs: 500 },
        tolerance: "none",
        deadLetter: undefined,
        log: "off",
      },
      consumer: { offsetReset: "earliest", isolation: "read_committed", sessionTimeoutMs: 10_000 },
      store: {
        store: "elasticsearch",
        nodes: ["http://127.0.0.1:9201"],
        pkSeparator: "_",
        job: "rabcdefgh-elasticsearch",
        mergeUpserts: false,
        retirement: { afterDays: 7, action: "close" },
      },
    },
  });
  const cassandra = validateJobConfig(sample("cassandra"), { variables });
  expect(cassandra).toMatchObject({
    ok: true,
    config: {
      name: "rabcdefgh-cassandra",
      store: { store: "cassandra", keyspace: "rabcdefgh", port: 9042, missing: "unset" },
    },
  });
});

test("the properties are kept as they were given, references unexpanded", () => {
  const validated = validateJobConfig(sample("elasticsearch"), { variables });
  expect(validated.ok && validated.config.properties).toMatchObject({
    "tasks.max": "1",
    "value.converter.schemas.enable": "false",
    "connect.elastic.hosts": ref("elasticsearch.host"),
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
    "fleetproof.version.field: must not be empty",
    "fleetproof.version.field: must name a field, as in window.start",
    "connect.elastic.port: is '0'; allowed: integers from 1 to 65535",
    "tasks.max: is 'many'; allowed: integers from 1 to 1000",
  ]);
});

test.each([
  [{ [kcql]: undefined }, /is required/],
  [{ [kcql]: "" }, /must not be empty/],
  [{ [kcql]: `INSERT INTO a SELECT * FROM ${topic} WHERE x PK id` }, /line 1, column \d+/],
  [{ [kcql]: `INSERT INTO a SELECT * FROM ${topic} PK id TTL=60` }, /TTL is for Cassandra/],
  [{ [kcql]: `INSERT INTO a SELECT * FROM ${topic} STOREAS x PK id` }, /kcql/],
  [{ [kcql]: `INSERT INTO Temps SELECT * FROM ${topic} PK id` }, /an index cannot be called/],
  [{ [kcql]: `INSERT INTO a SELECT * FROM ${topic} PK _key.id` }, /needs JsonConverter/],
  [{ [kcql]: `INSERT INTO a SELECT * FROM ${topic} WITHINDEXSUFFIX=-{YYYY-MM-dd}` }, /week/],
  [{ "connector.class": "org.example.Sink" }, /names no connector/],
  [{ "connector.class": "__proto__" }, /names no connector/],
  [{ "connect.elastic.error.policy": "SKIP" }, /allowed: RETRY, NOOP, THROW/],
  [{ "connect.elastic.max.retries": -2 }, /integers from -1/],
  [{ "connect.elastic.retry.interval": "1s" }, /allowed: integers/],
  [{ "fleetproof.kcql.mode": "lenient" }, /allowed: strict, compat/],
  [{ "fleetproof.null.values": "DELETE" }, /allowed: fail, ignore, delete/],
  [{ "fleetproof.null.values": "delete" }, /has no 'device.id': PK must be of _key or _header/],
  [{ "fleetproof.version.field": "_.topic" }, /only _.timestamp and _.offset/],
  [{ "fleetproof.version.field": "_header" }, /must name one header/],
  [{ "fleetproof.time.field": "a..b" }, /must name a field/],
  [{ "fleetproof.index.time": "now" }, /allowed: event, wall-clock/],
  [{ "value.converter": "io.confluent.connect.avro.AvroConverter" }, /there are JsonConverter/],
  [{ "value.converter": "x.ByteArrayConverter" }, /gives bytes/],
  [{ "value.converter.schemas.enable": "yes" }, /allowed: true, false/],
  [{ "topics.regex": ".*" }, /not supported/],
  [{ topics: "../etc" }, /cannot be a topic's name/],
  [{ "errors.tolerance": "some" }, /allowed: none, all/],
  [{ "errors.deadletterqueue.topic.name": topic }, /come back for ever/],
  [{ "errors.deadletterqueue.topic.name": "a/../b" }, /cannot be a topic's name/],
  [{ "errors.deadletterqueue.topic.replication.factor": 0 }, /must be -1, or 1 and more/],
  [{ "errors.log.enable": "perhaps" }, /allowed: true, false/],
  [{ "consumer.override.isolation.level": "serializable" }, /allowed: read_committed/],
  [{ "consumer.override.auto.offset.reset": "smallest" }, /allowed: earliest, latest, none/],
  [{ "consumer.override.session.timeout.ms": 5 }, /integers from 1000/],
  [{ "consumer.override.fetch.min.bytes": 2_000_000 }, /it would always wait/],
  [{ "retire.after.days": -1 }, /integers from 0/],
  [{ "retire.action": "archive" }, /allowed: close, delete/],
  [{ "retire.after.day": 7 }, /is retire.after.days meant/],
  [{ "connect.elastic.hosts": "a,,b" }, /empty entry/],
  [{ "connect.elastic.hosts": ["a"] }, /must be a text/],
  [{ "connect.elastic.hosts": "user:secret@evil/path" }, /no name or address of a host/],
  [{ "connect.elastic.pk.separator": "\\" }, /backslash/],
  [{ "tasks.max": "1".repeat(70_000) }, /at most 65536 characters/],
])("refused: %o", (changes, why) => {
  expect(errorsOf(elastic(changes)).join("\n")).toMatch(why);
});

test.each([
  [{ [kcql]: `INSERT INTO a SELECT * FROM ${topic}` }, /no PK.*doubles every document/],
  [{ "consumer.override.isolation.level": "read_uncommitted" }, /took back is stored/],
  [{ "fleetproof.index.time": "wall-clock" }, /lands in another index/],
  [{ "connect.elastic.error.policy": "NOOP" }, /nothing is left but a count/],
  [{ "errors.deadletterqueue.topic.name": "dead" }, /will stay empty/],
  [{ transforms: "route" }, /transforms changes nothing; it would transform records/],
  [{ "transforms.route.type": "x" }, /transforms.route.type changes nothing/],
  [{ "predicates.p.type": "x" }, /predicates/],
  [{ "header.converter": "x" }, /UTF-8 text/],
  [{ "errors.retry.timeout": "5" }, /would repeat conversions/],
  [{ "consumer.override.max.poll.records": "500" }, /Java consumer/],
  [{ "config.action.reload": "restart" }, /would restart the job/],
  [{ "connect.elastic.index.auto.create": "true" }, /changed nothing in Stream Reactor either/],
  [{ "connect.elastic.url": "h:9300" }, /use connect.elastic.hosts/],
  [{ "ssl.truststore.location": "x" }, /TLS/],
])("accepted with a warning: %o", (changes, why) => {
  const validated = elastic(changes);
  expect(errorsOf(validated)).toEqual([]);
  expect(validated.warnings.join("\n")).toMatch(why);
});

test("compat mode warns of what strict mode refuses", () => {
  const compat = (statement: string) =>
    elastic({ "fleetproof.kcql.mode": "compat", [kcql]: statement });
  const lost = compat(`INSERT INTO a SELECT * FROM ${topic} PK id TTL=60`);
  expect(errorsOf(lost)).toEqual([]);
  expect(lost.warnings.join("\n")).toMatch(/TTL is for Cassandra/);
  const upsert = compat(`UPSERT INTO a SELECT * FROM ${topic} PK id`);
  expect(upsert).toMatchObject({ ok: true, config: { store: { mergeUpserts: true } } });
  expect(upsert.warnings.join("\n")).toMatch(/not replay-safe/);
  expect(errorsOf(compat(`UPSERT INTO a SELECT * FROM ${topic}`)).join()).toMatch(/needs PK/);
});

test("deletes need a key, and an index to be found in", () => {
  const deleting = (statement: string, changes: Record<string, unknown> = {}) =>
    errorsOf(
      elastic({
        "fleetproof.null.values": "delete",
        "key.converter": "JsonConverter",
        [kcql]: `INSERT INTO a SELECT * FROM ${topic} ${statement}`,
        ...changes,
      }),
    ).join("\n");
  expect(deleting("PK _key.id")).toBe("");
  expect(deleting("")).toMatch(/nobody knows what to delete/);
  expect(deleting("PK _key.id WITHINDEXSUFFIX=`-{yyyy}`")).toMatch(/which index/);
  expect(
    deleting("PK _key.id WITHINDEXSUFFIX=`-{yyyy}`", { "fleetproof.time.field": "_key.start" }),
  ).toBe("");
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
  expect(errors(`INSERT INTO t SELECT count FROM ${topic} WITHPIPELINE=p`)).toMatch(/kcql/);
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

test("a fault never quotes what came from the environment or a file", () => {
  const context = { variables, env: () => "se cret", readFile: () => "root:x:0:0" };
  for (const key of ["connect.elastic.hosts", "tasks.max", "topics", kcql, "errors.tolerance"]) {
    for (const from of ["env:A", "file:/etc/passwd"]) {
      const errors = errorsOf(elastic({ [key]: ref(from) }, context)).join();
      expect(errors).toContain(`comes from ${ref(from)}`);
      expect(errors).not.toMatch(/cret|root/);
    }
  }
});

test("class names that people have are accepted, with and without their package", () => {
  for (const name of [
    "io.lenses.streamreactor.connect.elastic7.ElasticSinkConnector",
    "com.datamountaineer.streamreactor.connect.elastic.ElasticSinkConnector",
    "ElasticSinkConnector",
  ]) {
    expect(errorsOf(elastic({ "connector.class": name }))).toEqual([]);
  }
});

test("THROW does not retry; RETRY and NOOP do so as often as they are told", () => {
  const retry = (policy: string, limit: unknown) => {
    const validated = elastic({
      "connect.elastic.error.policy": policy,
      "connect.elastic.max.retries": limit,
    });
    return validated.ok && validated.config.errors.retry.limit;
  };
  expect(retry("THROW", 5)).toBe(0);
  expect(retry("RETRY", "5")).toBe(5);
  expect(retry("NOOP", 0)).toBe(0);
  expect(retry("RETRY", -1)).toBe(Number.POSITIVE_INFINITY);
});

test("Cassandra's own words for missing fields and deletes are understood", () => {
  const { name, config } = sample("cassandra");
  const changed = (changes: Record<string, unknown>) =>
    validateJobConfig({ name, config: { ...config, ...changes } }, { variables });
  expect(changed({ "connect.cassandra.default.value": "" })).toMatchObject({
    config: { store: { missing: "null" } },
  });
  expect(changed({ "connect.cassandra.delete.enabled": true })).toMatchObject({ ok: false });
  const keyed = changed({
    "connect.cassandra.delete.enabled": true,
    "connect.cassandra.delete.statement": "DELETE FROM t WHERE id = ?",
    "key.converter": "JsonConverter",
    "connect.cassandra.kcql": `INSERT INTO t SELECT _key.id AS id, count FROM ${topic} PK _key.id`,
  });
  expect(keyed).toMatchObject({ ok: true, config: { nullValues: "delete" } });
  expect(keyed.warnings.join()).toMatch(/here it is by the statement's PK/);
});
