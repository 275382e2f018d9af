/** What keeps a job from being opened on Elasticsearch: others' indices, mappings in conflict, refused credentials. */
import { expect, test } from "vitest";
import { createMemoryElasticsearch } from "../../../harness/simulation/memory-elasticsearch.ts";
import { systemClock } from "../../../pipeline/clock.ts";
import type { JsonObject } from "../../../pipeline/kcql/path.ts";
import type { ElasticsearchApi } from "../../../pipeline/sinks/elasticsearch/api.ts";
import { ElasticsearchApiError } from "../../../pipeline/sinks/elasticsearch/api.ts";
import { createElasticsearchSink } from "../../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { mappingConflict } from "../../../pipeline/sinks/elasticsearch/mapping-conflict.ts";
import { plannedProperties } from "../../../pipeline/sinks/elasticsearch/planned-properties.ts";
import { elasticsearchKcql, elasticsearchSettings } from "./sample-jobs.ts";
import { midnight, statementOf } from "./sample-writes.ts";

const never = new AbortController().signal;
const statement = statementOf(elasticsearchKcql("temps"));

function sinkOn(api: ElasticsearchApi, job = "sample", opened = statement) {
  const settings = { ...elasticsearchSettings("http://nowhere:9200"), job };
  return createElasticsearchSink({ api, settings, statements: [opened], now: () => midnight });
}

function createStore() {
  return createMemoryElasticsearch({ clock: systemClock });
}

test("a job may be opened as often as it likes; another job of the same target may not", async () => {
  const store = createStore();
  await sinkOn(store.connect()).open(never);
  await sinkOn(store.connect()).open(never);
  await expect(sinkOn(store.connect(), "other").open(never)).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(/template temps-fleetproof belongs to the job 'sample'/),
  });
});

test("an index of another job is refused by its name, also without its template", async () => {
  const store = createStore();
  store.createIndex("temps-2026.01.15", { _meta: { fleetproof: { job: "other" } } });
  await expect(sinkOn(store.connect()).open(never)).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(/index temps-2026.01.15 belongs to the job 'other'/),
  });
});

test("a template of that name that no job made is not overwritten", async () => {
  const api = createStore().connect();
  await api.putIndexTemplate("temps-fleetproof", { index_patterns: ["temps-*"] }, never);
  await expect(sinkOn(api).open(never)).rejects.toMatchObject({
    message: expect.stringMatching(/template temps-fleetproof was not made by a job/),
  });
});

test("an index whose mapping conflicts is refused with the field, and look-alikes are nobody's business", async () => {
  const store = createStore();
  const wrong = { properties: { count: { type: "keyword" } } };
  store.createIndex("temps-2026.01.15-backup", wrong);
  await sinkOn(store.connect()).open(never);
  store.createIndex("temps-2026.01.15", wrong);
  await expect(sinkOn(store.connect()).open(never)).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(/temps-2026.01.15 conflicts: count is of type keyword there/),
  });
});

test("an index past its days may hold what it likes", async () => {
  const store = createStore();
  store.createIndex("temps-2026.01.01", { properties: { count: { type: "keyword" } } });
  const settings = {
    ...elasticsearchSettings("http://nowhere:9200"),
    retirement: { afterDays: 7, action: "close" as const },
  };
  const sink = createElasticsearchSink({
    ...{ api: store.connect(), settings, statements: [statement], now: () => midnight },
  });
  await sink.open(never);
});

test.each([
  [{ properties: { count: { type: "keyword" } } }, "count is of type keyword"],
  [{ properties: { count: { type: "short" } } }, "count is of type short"],
  [{ properties: { count: { properties: {} } } }, "count is of type object"],
  [{ properties: { device: { type: "keyword" } } }, "device is of type keyword"],
  [
    { properties: { device: { properties: { id: { type: "long" } } } } },
    "device.id is of type long",
  ],
  [{ properties: { count: { type: "long" }, other: { type: "ip" } } }, undefined],
  [{ properties: { device: { type: "object" } } }, undefined],
  [{}, undefined],
])("a mapping %j: %s", (mapping: JsonObject, conflict) => {
  const found = mappingConflict(mapping, plannedProperties(statement));
  if (conflict === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(conflict);
});

test("WITHPIPELINE needs a pipeline of that name", async () => {
  const store = createStore();
  const through = statementOf(
    "INSERT INTO temps SELECT * FROM run.temperatures.aggregated PK device.id WITHPIPELINE=enrich",
  );
  const open = () => sinkOn(store.connect(), "sample", through).open(never);
  await expect(open()).rejects.toMatchObject({
    code: "refused",
    message: expect.stringMatching(/pipeline 'enrich'/),
  });
  store.addPipeline("enrich");
  await open();
});

test.each([
  [401, "security_exception", "refused", "connect.elastic.use.http.password"],
  [403, "security_exception", "refused", "lacks a privilege"],
  [403, "cluster_block_exception", "unavailable", "for now"],
  [400, "illegal_argument_exception", "refused", "Elasticsearch says no"],
  [503, undefined, "unavailable", "for now"],
  [undefined, undefined, "unavailable", "for now"],
])("status %s %s at opening is %s: …%s…", async (status, type, code, said) => {
  const api = createStore().connect();
  const readMappings = async () => {
    throw new ElasticsearchApiError("Elasticsearch says no", status, { type });
  };
  await expect(sinkOn({ ...api, readMappings }).open(never)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(said),
  });
});

test("a target that can be no index is refused when the sink is made", () => {
  const api = createStore().connect();
  for (const target of ["Temps", "*", "_all", "../x"]) {
    expect(() => sinkOn(api, "sample", { ...statement, target })).toThrow("cannot be called");
  }
});
