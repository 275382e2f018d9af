/** The parts of the Elasticsearch sink that need no server. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ElasticsearchApiError } from "../../../pipeline/sinks/elasticsearch/api.ts";
import { createBulkBody, isOneLine } from "../../../pipeline/sinks/elasticsearch/bulk-body.ts";
import { judgeItem } from "../../../pipeline/sinks/elasticsearch/bulk-item.ts";
import { documentId } from "../../../pipeline/sinks/elasticsearch/document-id.ts";
import { createElasticsearchSink } from "../../../pipeline/sinks/elasticsearch/elasticsearch-sink.ts";
import { indexTemplate } from "../../../pipeline/sinks/elasticsearch/index-template.ts";
import { elasticsearchKcql, elasticsearchSettings } from "./sample-jobs.ts";
import { aggregate, statementOf, writeOf } from "./sample-writes.ts";

const never = new AbortController().signal;
const statement = statementOf(elasticsearchKcql("temps"));

test("different keys have different ids, whatever the values and the separator hold", () => {
  expect(documentId(["t-0000042", 1768435200000], "_")).toBe("t-0000042_1768435200000");
  expect(documentId(["a-b", "c"], "-")).not.toBe(documentId(["a", "b-c"], "-"));
  const part = fc.string({ unit: fc.constantFrom("a", "-", "\\", ":") });
  const key = fc.array(part, { minLength: 2, maxLength: 3 });
  fc.assert(
    fc.property(key, key, fc.constantFrom("-", "--", "-:", "::-"), (a, b, separator) => {
      const isSame = JSON.stringify(a) === JSON.stringify(b);
      expect(documentId(a, separator) === documentId(b, separator)).toBe(isSame);
    }),
    { numRuns: 500 },
  );
});

test.each([
  [201, "", "stored"],
  [200, "", "stored"],
  [409, "version_conflict_engine_exception", "not-newer"],
  [409, "some_other_conflict", "failed"],
  [429, "es_rejected_execution_exception", "retriable"],
  [429, "cluster_block_exception", "retriable"],
  [403, "cluster_block_exception", "retriable"],
  [503, "unavailable_shards_exception", "retriable"],
  [500, "internal", "retriable"],
  [0, "", "retriable"],
  [400, "document_parsing_exception", "failed"],
  [404, "index_not_found_exception", "failed"],
  [403, "security_exception", "failed"],
])("an item of status %i %s is %s", (status, type, kind) => {
  expect(judgeItem({ status, error: { type, reason: "" } }).kind).toBe(kind);
});

test("a body is action and source, line by line, and ends before it is too large", () => {
  const body = createBulkBody(3, 200);
  const operation = { index: "i", id: 'quote" and ü', version: 7, source: { a: "ü" } };
  expect(body.add(operation)).toBe(true);
  expect(body.add({ ...operation, source: Buffer.from('{"b":1}') })).toBe(true);
  expect(body.add(operation)).toBe(false);
  const lines = body.take().toString().split("\n");
  expect(lines.map((line) => (line === "" ? "" : JSON.parse(line)))).toEqual([
    { index: { _index: "i", _id: 'quote" and ü', version: 7, version_type: "external" } },
    { a: "ü" },
    { index: { _index: "i", _id: 'quote" and ü', version: 7, version_type: "external" } },
    { b: 1 },
    "",
  ]);
});

test("a document larger than a bulk goes alone, and a body holds no more operations than it may", () => {
  const source = { text: "x".repeat(300_000) };
  const operation = { index: "i", id: "1", version: 1, source };
  const large = createBulkBody(10, 100);
  expect([large.add(operation), large.add(operation)]).toEqual([true, false]);
  expect(large.take().length).toBeGreaterThan(300_000);
  const few = createBulkBody(1, 1_000_000);
  expect([few.add(operation), few.add(operation)]).toEqual([true, false]);
});

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

test("the template maps the fields of an aggregate, nested or under the names of a projection", () => {
  const nested = JSON.stringify(indexTemplate(statement, { shards: 2, replicas: 1 }));
  expect(nested).toContain('"index_patterns":["temps-*"]');
  expect(nested).toContain('"number_of_shards":2');
  expect(nested).toContain('"device":{"properties":{"id":{"type":"keyword"}');
  expect(nested).toContain('"sum":{"type":"long"}');
  const flat = statementOf(
    "INSERT INTO x SELECT device.id AS device, temperature.* FROM t PK device.id",
  );
  const text = JSON.stringify(indexTemplate(flat, { shards: 1, replicas: 0 }));
  expect(text).toContain('"index_patterns":["x"]');
  expect(text).toContain('"device":{"type":"keyword"}');
  expect(text).toContain('"mean":{"type":"double"}');
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

function sinkOn(answer: (body: Buffer) => { status: number }[]) {
  const api = {
    bulk: async (body: Buffer) => answer(body),
    putIndexTemplate: async () => {},
    close: async () => {},
  };
  const settings = elasticsearchSettings("http://nowhere:9200");
  return createElasticsearchSink({ api, settings, statements: [statement] });
}
