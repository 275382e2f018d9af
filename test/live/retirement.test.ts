/** Retirement on the real Elasticsearch: the job's own indices past their days go, whatever else is called like them stays. */
import { randomBytes } from "node:crypto";
import { Client } from "@elastic/elasticsearch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createElasticsearchSink } from "../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { httpElasticsearch } from "../../pipeline/sinks/elasticsearch/http-api.ts";
import type { Sink } from "../../pipeline/sinks/sink.ts";
import { elasticsearchKcql, elasticsearchSettings } from "../pipeline/sinks/sample-jobs.ts";
import {
  aggregate,
  dayMs,
  midnight,
  statementOf,
  writeOf,
} from "../pipeline/sinks/sample-writes.ts";
import { liveStack } from "./live-stack.ts";

const never = new AbortController().signal;
const run = `retire${randomBytes(5).toString("hex")}`;
const statement = statementOf(elasticsearchKcql(run));
/** The four days from 2026-01-13, one document each. */
const writes = [-2, -1, 0, 1].map((day) => writeOf(statement, aggregate("a", day * 288, 1)));
const days = ["13", "14", "15", "16"].map((day) => `${run}-2026.01.${day}`);
const backup = `${run}-2026.01.13-backup`;
const foreign = `${run}-2026.01.12`;
const aliased = `${run}other`;

let client: Client;
let nowMs = midnight;
const sinks: Sink[] = [];

beforeAll(async () => {
  client = new Client({ node: liveStack().elasticsearch.node });
  const sink = await openSink("close");
  const results = await sink.write(writes, never);
  expect(results.map(({ kind }) => kind)).toEqual(["stored", "stored", "stored", "stored"]);
  // The template gives the job's mark to whatever matches it: of these only the name tells.
  await client.indices.create({ index: backup });
  const mappings = { _meta: { fleetproof: { job: "somebody else" } } };
  await client.indices.create({ index: foreign, mappings });
  // Past its days by its alias, and not by its name.
  const marked = { _meta: { fleetproof: { job: run } } };
  const aliases = { [`${run}-2026.01.11`]: {} };
  await client.indices.create({ index: aliased, mappings: marked, aliases });
});

afterAll(async () => {
  for (const sink of sinks) await sink.close();
  const expand_wildcards = ["open", "closed"] as const;
  const all = await client.indices.get({
    index: `${run}*`,
    expand_wildcards: [...expand_wildcards],
  });
  await client.indices.delete({ index: Object.keys(all) });
  await client.indices.deleteIndexTemplate({ name: `${run}-fleetproof` });
  await client.close();
});

test("a dry run lists what is past, retiring closes or deletes it, and a replay does not bring it back", async () => {
  const closing = sinks[0]!;
  expect(await closing.retirement!.due(never)).toEqual([]);

  nowMs = midnight + 7 * dayMs + 1;
  const past = [
    { index: days[0], endMs: midnight - dayMs, state: "open" },
    { index: days[1], endMs: midnight, state: "open" },
  ];
  expect(await closing.retirement!.due(never)).toEqual(past);
  expect(await statesOf()).not.toContain("closed");
  expect(await closing.retirement!.retire(never)).toEqual(past);
  expect(await closing.retirement!.due(never)).toEqual([]);
  const expected = {
    [days[0]!]: "close",
    [days[1]!]: "close",
    [days[2]!]: "open",
    [days[3]!]: "open",
  };
  expect(await statesOf()).toMatchObject({ ...expected, [backup]: "open", [foreign]: "open" });
  expect(await replay(closing)).toEqual(["retired", "retired", "not-newer", "not-newer"]);

  // With another policy the closed ones are deleted; and for good.
  const deleting = await openSink("delete");
  const closed = past.map((one) => ({ ...one, state: "closed" }));
  expect(await deleting.retirement!.retire(never)).toEqual(closed);
  expect(await replay(deleting)).toEqual(["retired", "retired", "not-newer", "not-newer"]);
  const left = Object.keys(await statesOf()).toSorted();
  expect(left).toEqual([foreign, backup, days[2], days[3], aliased].toSorted());
});

test("without retirement an old index of another job counts, and a closed one refuses for good", async () => {
  const message = expect.stringContaining(`${foreign} belongs to the job 'somebody else'`);
  await expect(openSink(undefined)).rejects.toMatchObject({ code: "refused", message });
  await client.indices.delete({ index: foreign });
  await client.indices.close({ index: days[3]! });
  const sink = await openSink(undefined);
  const [result] = await sink.write([writes[3]!], never);
  const closed = expect.stringContaining("index_closed_exception");
  expect(result).toMatchObject({ kind: "failed", error: { message: closed } });
});

async function openSink(action: "close" | "delete" | undefined): Promise<Sink> {
  const settings = {
    ...elasticsearchSettings(liveStack().elasticsearch.node),
    job: run,
    retirement: action && { afterDays: 7, action },
  };
  const api = httpElasticsearch(settings);
  const statements = [statement];
  const sink = createElasticsearchSink({ api, settings, statements, now: () => nowMs });
  sinks.push(sink);
  await sink.open(never);
  return sink;
}

async function replay(sink: Sink): Promise<string[]> {
  return (await sink.write(writes, never)).map(({ kind }) => kind);
}

async function statesOf(): Promise<Record<string, string>> {
  const found = await client.cat.indices({
    ...{ index: `${run}*`, format: "json", h: "index,status", expand_wildcards: "all" },
  });
  return Object.fromEntries(found.map(({ index, status }) => [index!, status!]));
}
