/** The Elasticsearch sink on an API that the test answers for, and on the one in memory. */
import { expect, test } from "vitest";
import { createMemoryElasticsearch } from "../../../harness/simulation/memory-elasticsearch.ts";
import { systemClock } from "../../../pipeline/clock.ts";
import type { Statement } from "../../../pipeline/kcql/statement.ts";
import {
  type BulkItem,
  type ElasticsearchApi,
  ElasticsearchApiError,
} from "../../../pipeline/sinks/elasticsearch/api.ts";
import { isOneLine } from "../../../pipeline/sinks/elasticsearch/bulk-body.ts";
import { createElasticsearchSink } from "../../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { elasticsearchKcql, elasticsearchSettings } from "./sample-jobs.ts";
import { aggregate, dayMs, midnight, statementOf, tombstoneOf, writeOf } from "./sample-writes.ts";

const never = new AbortController().signal;
const statement = statementOf(elasticsearchKcql("temps"));
const settings = elasticsearchSettings("http://nowhere:9200");
const now = () => midnight;

test("JSON that runs over several lines is put on one", async () => {
  const write = writeOf(statement, aggregate("a", 0, 1), (json) =>
    JSON.stringify(JSON.parse(json), null, 2),
  );
  expect(isOneLine(write.json!)).toBe(false);
  const bodies: string[] = [];
  const sink = sinkOn((body) => {
    bodies.push(body.toString());
    return [{ status: 201 }];
  });
  await sink.write([write], never);
  expect(bodies[0]!.split("\n")).toHaveLength(3);
});

test("an answer with too few items leaves everything to be written again", async () => {
  const sink = sinkOn(() => [{ status: 201 }]);
  const batch = [
    writeOf(statement, aggregate("a", 0, 1)),
    writeOf(statement, aggregate("b", 0, 1)),
  ];
  expect((await sink.write(batch, never)).map(({ kind }) => kind)).toEqual([
    "retriable",
    "retriable",
  ]);
});

test("a bulk that is too large for the server is halved, down to the document that is", async () => {
  const sizes: number[] = [];
  const sink = sinkOn((body) => {
    const items = body.toString().trimEnd().split("\n").length / 2;
    sizes.push(items);
    if (body.includes('"d5"')) throw new ElasticsearchApiError("too large", 413);
    return Array.from({ length: items }, () => ({ status: 201 }));
  });
  const batch = Array.from({ length: 8 }, (_, at) => writeOf(statement, aggregate(`d${at}`, 0, 1)));
  const kinds = (await sink.write(batch, never)).map(({ kind }) => kind);
  expect(kinds).toEqual(batch.map((_, at) => (at === 5 ? "failed" : "stored")));
  expect(Math.max(...sizes)).toBe(8);
});

test("an id that Elasticsearch would refuse fails alone, not with its whole bulk", async () => {
  const sink = sinkOn(() => [{ status: 201 }]);
  const batch = [
    writeOf(statement, aggregate("x".repeat(600), 0, 1)),
    writeOf(statement, aggregate("b", 0, 1)),
  ];
  expect((await sink.write(batch, never)).map(({ kind }) => kind)).toEqual(["failed", "stored"]);
});

test("a bulk that is refused because of one write is halved, down to that write", async () => {
  const sink = sinkOn((body) => {
    if (body.includes('"d2"')) throw new ElasticsearchApiError("what is this?", 400);
    return Array.from({ length: body.toString().split("\n").length >> 1 }, () => ({ status: 201 }));
  });
  const batch = Array.from({ length: 5 }, (_, at) => writeOf(statement, aggregate(`d${at}`, 0, 1)));
  const kinds = (await sink.write(batch, never)).map(({ kind }) => kind);
  expect(kinds).toEqual(batch.map((_, at) => (at === 2 ? "failed" : "stored")));
});

test("a document that is too large for the server is said to be, with its size", async () => {
  const store = createMemoryElasticsearch({ clock: systemClock, maxRequestBytes: 20_000 });
  const sink = createElasticsearchSink({
    ...{ api: store.connect(), settings, statements: [statement], now },
  });
  const large = writeOf(statement, aggregate("large", 0, 1), (json) =>
    json.replace('"home":"', `"home":"${"x".repeat(20_000)}`),
  );
  const [stored, failed] = await sink.write(
    [writeOf(statement, aggregate("a", 0, 1)), large],
    never,
  );
  expect(stored).toMatchObject({ kind: "stored" });
  const message = expect.stringMatching(/^the document is 20\d{3} bytes, more than/);
  expect(failed).toMatchObject({ kind: "failed", error: { message } });
});

test.each([
  ["a version below zero", { version: -1 }],
  ["a version that is no safe integer", { version: 2 ** 53 }],
  ["a time that is no date", { timeMs: Number.NaN }],
  ["a time after the end of all dates", { timeMs: 1e17 }],
  ["an empty id", { id: [""] }],
])("%s fails alone, before its bulk is sent", async (_, wrong) => {
  const sink = sinkOn(() => [{ status: 201 }]);
  const write = writeOf(statement, aggregate("a", 0, 1));
  const results = await sink.write([{ ...write, ...wrong }, write], never);
  expect(results.map(({ kind }) => kind)).toEqual(["failed", "stored"]);
});

test("what a request's status says of its writes: only 429 and a block are definite", async () => {
  const answers = [
    [429, undefined, { kind: "retriable", overloaded: true, definite: true }],
    [403, "cluster_block_exception", { kind: "retriable", overloaded: false, definite: true }],
    [503, undefined, { kind: "retriable", overloaded: false, definite: false }],
    [undefined, undefined, { kind: "retriable", overloaded: false, definite: false }],
    [401, "security_exception", { kind: "failed" }],
  ] as const;
  for (const [status, type, expected] of answers) {
    const sink = sinkOn(() => {
      throw new ElasticsearchApiError("no", status, { type });
    });
    const [result] = await sink.write([writeOf(statement, aggregate("a", 0, 1))], never);
    expect(result).toMatchObject(expected);
  }
});

test.each([
  [30, [15, 15]],
  [20, [20]],
  [41, [14, 14, 13]],
])(
  "%i writes in bulks of 20 go as %j: no small one is left to the end",
  async (count, expected) => {
    const sizes: number[] = [];
    const own = statementOf(
      "INSERT INTO small SELECT * FROM run.temperatures.aggregated PK device.id BATCH=20",
    );
    const sink = sinkOn(
      (body) => {
        const items = body.toString().split("\n").length >> 1;
        sizes.push(items);
        return Array.from({ length: items }, () => ({ status: 201 }));
      },
      [own],
    );
    const batch = Array.from({ length: count }, (_, at) => writeOf(own, aggregate(`d${at}`, 0, 1)));
    await sink.write(batch, never);
    expect(sizes).toEqual(expected);
  },
);

test("BATCH of a statement is the most that its bulks hold", async () => {
  const sizes: number[] = [];
  const own = statementOf(
    "INSERT INTO small SELECT * FROM run.temperatures.aggregated PK device.id BATCH=3",
  );
  const sink = sinkOn(
    (body) => {
      const items = body.toString().trimEnd().split("\n").length / 2;
      sizes.push(items);
      return Array.from({ length: items }, () => ({ status: 201 }));
    },
    [statement, own],
  );
  const into = (one: Statement) =>
    Array.from({ length: 7 }, (_, at) => writeOf(one, aggregate(`d${at}`, 0, 1)));
  await sink.write([...into(own), ...into(statement)], never);
  expect(sizes.toSorted()).toEqual([1, 3, 3, 7]);
});

test("the same id in two indices is two documents", async () => {
  const store = createMemoryElasticsearch({ clock: systemClock });
  const sink = createElasticsearchSink({
    ...{ api: store.connect(), settings, statements: [statement], now },
  });
  const write = { ...writeOf(statement, aggregate("a", 0, 1)), id: ["same"] };
  const other = { ...write, timeMs: midnight + dayMs };
  const results = await sink.write([write, other], never);
  expect(results.map(({ kind }) => kind)).toEqual(["stored", "stored"]);
  expect([...store.indices].map(([name, documents]) => [name, documents.size])).toEqual([
    ["temps-2026.01.15", 1],
    ["temps-2026.01.16", 1],
  ]);
});

test("a merging UPSERT adds to the stored document, in the order of the log, and a tombstone ends it", async () => {
  const store = createMemoryElasticsearch({ clock: systemClock });
  const merging = statementOf(elasticsearchKcql("merged", "UPSERT"));
  const sink = createElasticsearchSink({
    ...{ api: store.connect(), settings: { ...settings, mergeUpserts: true, batchSize: 1 } },
    ...{ statements: [merging], now },
  });
  const whole = writeOf(merging, aggregate("a", 0, 30));
  const part = { ...whole, json: undefined, document: { device: { home: "moved" } }, version: 1 };
  const last = { ...part, document: { count: 5 } };
  const results = await sink.write([whole, part, last], never);
  expect(results.map(({ kind }) => kind)).toEqual(["stored", "stored", "stored"]);
  const documents = store.indices.get("merged-2026.01.15")!;
  expect([...documents.values()][0]!.source).toMatchObject({
    device: { id: "a", home: "moved", model: "SLR2" },
    count: 5,
    revision: 30,
  });
  await sink.write([tombstoneOf(merging, aggregate("a", 0, 1))], never);
  expect(documents.size).toBe(0);
});

test("each item that is rejected because a queue is full is to be written again, later", async () => {
  const store = createMemoryElasticsearch({ clock: systemClock });
  const sink = createElasticsearchSink({
    ...{ api: store.connect(), settings, statements: [statement], now },
  });
  const write = writeOf(statement, aggregate("a", 0, 1));
  store.fault("rejecting");
  const [rejected] = await sink.write([write], never);
  expect(rejected).toMatchObject({ kind: "retriable", overloaded: true, definite: true });
  store.fault(undefined);
  expect((await sink.write([write], never))[0]).toMatchObject({ kind: "stored" });
});

/** Of the API only `bulk` is asked. */
function sinkOn(
  answer: (body: Buffer) => readonly BulkItem[],
  statements: readonly Statement[] = [statement],
) {
  const api = { bulk: async (body: Buffer) => answer(body) } as unknown as ElasticsearchApi;
  return createElasticsearchSink({ api, settings, statements, now });
}
