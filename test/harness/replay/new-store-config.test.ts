import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { newStoreConfig } from "../../../harness/replay/new-store-config.ts";
import { targetOfNewStore } from "../../../harness/replay/new-store-names.ts";
import { newStoreProblems } from "../../../harness/replay/new-store-problems.ts";
import { validateJobConfig } from "../../../pipeline/connect/config/config.ts";
import { runNames } from "../../../pipeline/contract/names.ts";

const jobFile = (store: string): string =>
  new URL(`../../../scenarios/jobs/${store}.json`, import.meta.url).pathname;
const textOf = (store: string): string => readFileSync(jobFile(store), "utf8");

/** A reference as a config writes it, which is no template of this file. */
const ref = (name: string): string => `$\{${name}}`;
const run = ref("run");

const variables = {
  run: "r00000000",
  "elasticsearch.host": "127.0.0.1",
  "elasticsearch.port": "9200",
  "cassandra.host": "127.0.0.1",
  "cassandra.port": "9042",
  "cassandra.datacenter": "datacenter1",
};

function kcqlOf(key: string, kcql: string, name = `${run}-job`): unknown {
  return { name, config: { [key]: kcql } };
}

/** The statement with its new target, or why there is none. */
function renamed(key: string, kcql: string): unknown {
  const derived = newStoreConfig(kcqlOf(key, kcql), 1);
  if (!derived.ok) return derived.problem;
  return (derived.config["config"] as Record<string, unknown>)[key];
}

const elastic = "connect.elastic.kcql";
const cassandra = "connect.cassandra.kcql";

test("the house's own jobs get a new name and a new target, and nothing else changes", () => {
  for (const [store, from, to] of [
    ["elasticsearch", `${run}-temperatures`, `${run}-new2-temperatures`],
    ["cassandra", "temperatures", "temperatures_new2"],
  ] as const) {
    const text = textOf(store);
    const derived = newStoreConfig(JSON.parse(text), 2);
    if (!derived.ok) throw new Error(derived.problem);
    expect(derived.targets).toEqual([{ from, to }]);
    const expected = text
      .replace(`"${run}-${store}"`, `"${run}-${store}-new2"`)
      .replace(`INTO ${from} `, `INTO ${to} `);
    expect(derived.config).toEqual(JSON.parse(expected));
    const validated = validateJobConfig(derived.config, { variables });
    expect(validated.ok && validated.config.name).toBe(`r00000000-${store}-new2`);
  }
});

test("the harness looks for a new store where the new job writes, and no pattern of one matches another", () => {
  const names = runNames("r00000000");
  const target = targetOfNewStore(names, "r00000000", 1);
  expect(target).toEqual({
    indices: "r00000000-new1-temperatures-*",
    keyspace: "r00000000",
    table: "temperatures_new1",
  });
  const matches = (pattern: string, index: string): boolean =>
    index.startsWith(pattern.slice(0, -1));
  expect(matches(names.indices, target.indices)).toBe(false);
  expect(matches(target.indices, names.indices)).toBe(false);
  expect(matches(target.indices, targetOfNewStore(names, "r00000000", 11).indices)).toBe(false);
});

test("every statement's target is renamed; backticks and the letters of other clauses stay", () => {
  expect(
    renamed(
      elastic,
      `insert into \`${run}-a\` select * from x AUTOCREATE PK a;UPSERT INTO ${run}-b SELECT ${run}-b FROM x AUTOCREATE`,
    ),
  ).toBe(
    `insert into \`${run}-new1-a\` select * from x AUTOCREATE PK a;UPSERT INTO ${run}-new1-b SELECT ${run}-b FROM x AUTOCREATE`,
  );
  expect(renamed(cassandra, `INSERT INTO ${run}.t SELECT a FROM x AUTOCREATE`)).toBe(
    `INSERT INTO ${run}.t_new1 SELECT a FROM x AUTOCREATE`,
  );
});

test("a name within 'config' follows the job's", () => {
  const derived = newStoreConfig(
    {
      name: "a",
      config: { name: "a", [cassandra]: "INSERT INTO t SELECT a FROM x AUTOCREATE" },
    },
    1,
  );
  expect(derived).toMatchObject({ config: { name: "a-new1", config: { name: "a-new1" } } });
});

test("a target that cannot be renamed safely is refused with a sentence", () => {
  const cases: readonly [string, string, string][] = [
    [
      elastic,
      "INSERT INTO temperatures SELECT * FROM x AUTOCREATE",
      `does not begin with '${run}-'`,
    ],
    [
      elastic,
      `INSERT INTO ${run}- SELECT * FROM x AUTOCREATE`,
      `does not begin with '${run}-' and`,
    ],
    [elastic, `INSERT INTO ${run}-t SELECT * FROM x PK a`, "has no AUTOCREATE"],
    [elastic, `${ref("env:KCQL")}`, `no target can be seen in '${ref("env:KCQL")}'`],
    [cassandra, `INSERT INTO ${ref("env:TABLE")} SELECT a FROM x AUTOCREATE`, "holds a variable"],
    [cassandra, `INSERT INTO ${"t".repeat(44)} SELECT a FROM x AUTOCREATE`, "of 49 characters"],
    [
      cassandra,
      "INSERT INTO t SELECT a FROM x AUTOCREATE; INSERT INTO t_new1 SELECT a FROM x AUTOCREATE",
      "t_new1, is a target already",
    ],
  ];
  for (const [key, kcql, sentence] of cases) expect(renamed(key, kcql)).toContain(sentence);
  expect(newStoreConfig(undefined, 1)).toMatchObject({ ok: false });
  expect(newStoreConfig({ name: "a", config: {} }, 1)).toMatchObject({ ok: false });
});

test("a scenario is asked only when it wants a new store", () => {
  const job = { store: "cassandra", workers: 1, config: {} } as const;
  const jobs = [{ ...job, file: "nowhere.json" }];
  const wants = [{ kind: "new-store", atMs: undefined }] as const;
  expect(newStoreProblems({ jobs, replay: wants })).toEqual([]); // A missing file is told of elsewhere.
  const wrong = [{ ...job, file: new URL("./states.ts", import.meta.url).pathname }];
  expect(newStoreProblems({ jobs: wrong, replay: wants })[0]).toContain("is no job config");
  expect(newStoreProblems({ jobs: wrong, replay: [{ kind: "rewind", atMs: 1 }] })).toEqual([]);
});

test("a new job has a dead-letter topic of its own: what it cannot store is not the old one's", () => {
  const key = "errors.deadletterqueue.topic.name";
  const statement = `INSERT INTO ${run}-t SELECT * FROM x AUTOCREATE`;
  const derived = newStoreConfig(
    { name: `${run}-job`, config: { "connect.elastic.kcql": statement, [key]: `${run}.dead` } },
    2,
  );
  expect(derived).toMatchObject({ ok: true, config: { config: { [key]: `${run}.dead-new2` } } });
});
