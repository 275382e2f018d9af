/** What the real Elasticsearch refuses in its own way: too large a request, conflicts at opening, merges and pipelines. */
import { randomBytes } from "node:crypto";
import { Client } from "@elastic/elasticsearch";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Statement } from "../../pipeline/kcql/statement.ts";
import { createElasticsearchSink } from "../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { httpElasticsearch } from "../../pipeline/sinks/elasticsearch/http-api.ts";
import type { ElasticsearchSettings } from "../../pipeline/sinks/elasticsearch/settings.ts";
import type { Sink, SinkWrite } from "../../pipeline/sinks/sink.ts";
import { elasticsearchKcql, elasticsearchSettings } from "../pipeline/sinks/sample-jobs.ts";
import {
  aggregate,
  midnight,
  statementOf,
  tombstoneOf,
  writeOf,
} from "../pipeline/sinks/sample-writes.ts";
import { liveStack } from "./live-stack.ts";

const never = new AbortController().signal;
const run = `refuse${randomBytes(5).toString("hex")}`;
let client: Client;
const sinks: Sink[] = [];

beforeAll(() => {
  client = new Client({ node: liveStack().elasticsearch.node });
});

afterAll(async () => {
  for (const sink of sinks) await sink.close();
  const index = Object.keys(await client.indices.get({ index: `${run}*` }));
  await client.indices.delete({ index });
  await client.indices.deleteIndexTemplate({ name: `${run}*` });
  await client.close();
});

test("a document larger than http.max_content_length fails alone, and is said to be too large", async () => {
  const statement = statementOf(elasticsearchKcql(run));
  const sink = await openSink(statement);
  const good = writeOf(statement, aggregate("a", 0, 30));
  const large = {
    ...writeOf(statement, aggregate("b", 0, 30)),
    json: Buffer.alloc(101 << 20, " "),
  };
  large.json.write('{"a":1}');
  const [stored, failed] = await sink.write([good, large], never);
  expect(stored).toMatchObject({ kind: "stored" });
  const message = expect.stringMatching(/^the document is 1059\d{5} bytes, more than/);
  expect(failed).toMatchObject({ kind: "failed", error: { message } });
});

test("an index in conflict is refused at opening with its field and types", async () => {
  const target = `${run}-conflict`;
  const mappings = { properties: { temperature: { properties: { sum: { type: "keyword" } } } } };
  await client.indices.create({ index: `${target}-2026.01.15`, mappings } as never);
  const message = expect.stringContaining(
    `the mapping of ${target}-2026.01.15 conflicts: temperature.sum is of type keyword there and must be of type long`,
  );
  const opening = openSink(statementOf(elasticsearchKcql(target)));
  await expect(opening).rejects.toMatchObject({ code: "refused", message });
});

test("a template in conflict with somebody else's is refused with Elasticsearch's words", async () => {
  const target = `${run}-taken`;
  const body = { index_patterns: [`${target}-*`], priority: 500 + target.length + 2 };
  await client.indices.putIndexTemplate({ name: `${run}-theirs`, ...body });
  const opening = openSink(statementOf(elasticsearchKcql(target)));
  const message = expect.stringContaining(`${run}-theirs`);
  await expect(opening).rejects.toMatchObject({ code: "refused", message });
});

test("WITHPIPELINE sends documents through the pipeline, which must be there at opening", async () => {
  const statement = { ...statementOf(elasticsearchKcql(`${run}-through`)), pipeline: run };
  await expect(openSink(statement)).rejects.toMatchObject({ code: "refused" });
  await client.ingest.putPipeline({ id: run, processors: [] });
  const sink = await openSink(statement);
  await store(sink, [writeOf(statement, aggregate("a", 0, 30))]);
  await client.ingest.deletePipeline({ id: run });
  const [result] = await sink.write([writeOf(statement, aggregate("b", 0, 30))], never);
  const message = expect.stringContaining(`pipeline with id [${run}] does not exist`);
  expect(result).toMatchObject({ kind: "failed", error: { message } });
});

test("a merging UPSERT adds to what is stored, and a tombstone removes it", async () => {
  const target = `${run}-merged`;
  const statement = statementOf(elasticsearchKcql(target, "UPSERT"));
  const sink = await openSink(statement, { mergeUpserts: true });
  const whole = writeOf(statement, aggregate("a", 0, 30));
  const document = { device: { home: "moved" } };
  await store(sink, [whole, { ...whole, json: undefined, document, version: 1 }]);
  expect(await sourcesOf(target)).toMatchObject([
    { device: { id: "a", home: "moved", model: "SLR2" }, revision: 30 },
  ]);
  await store(sink, [tombstoneOf(statement, aggregate("a", 0, 1))]);
  expect(await sourcesOf(target)).toEqual([]);
});

async function openSink(
  statement: Statement,
  own: Partial<ElasticsearchSettings> = {},
): Promise<Sink> {
  const settings = { ...elasticsearchSettings(liveStack().elasticsearch.node), job: run, ...own };
  const api = httpElasticsearch(settings);
  const statements = [statement];
  const sink = createElasticsearchSink({ api, settings, statements, now: () => midnight });
  sinks.push(sink);
  await sink.open(never);
  return sink;
}

async function store(sink: Sink, batch: readonly SinkWrite[]): Promise<void> {
  for (const { kind } of await sink.write(batch, never)) expect(kind).toBe("stored");
}

async function sourcesOf(target: string): Promise<unknown[]> {
  const index = `${target}-*`;
  await client.indices.refresh({ index });
  return (await client.search({ index })).hits.hits.map(({ _source }) => _source);
}
