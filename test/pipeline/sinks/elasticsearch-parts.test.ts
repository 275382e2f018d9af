/** The parts of the Elasticsearch sink that need no server. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createBulkBody } from "../../../pipeline/sinks/elasticsearch/bulk-body.ts";
import { judgeItem } from "../../../pipeline/sinks/elasticsearch/bulk-item.ts";
import { documentId } from "../../../pipeline/sinks/elasticsearch/document-id.ts";
import { indexTemplate } from "../../../pipeline/sinks/elasticsearch/index-template.ts";
import { elasticsearchKcql } from "./sample-jobs.ts";
import { statementOf } from "./sample-writes.ts";

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
  [429, "es_rejected_execution_exception", "retriable, overloaded, definite"],
  [429, "cluster_block_exception", "retriable, definite"],
  [403, "cluster_block_exception", "retriable, definite"],
  [503, "unavailable_shards_exception", "retriable"],
  [500, "internal", "retriable"],
  [0, "", "retriable"],
  [400, "document_parsing_exception", "failed"],
  [400, "index_closed_exception", "failed"],
  [404, "index_not_found_exception", "failed"],
  [403, "security_exception", "failed"],
])("an item of status %i %s is %s", (status, type, expected) => {
  const isPast = () => false;
  const result = judgeItem({ status, error: { type, reason: "" } }, { action: "write", isPast });
  const { kind, overloaded, definite } = { overloaded: false, definite: false, ...result };
  const said = [kind, ...(overloaded ? ["overloaded"] : []), ...(definite ? ["definite"] : [])];
  expect(said.join(", ")).toBe(expected);
});

test("a tombstone that finds nothing is done, and an index that was closed past its days is retired", () => {
  const isPast = () => true;
  expect(judgeItem({ status: 404 }, { action: "delete", isPast }).kind).toBe("stored");
  const closed = { status: 400, error: { type: "index_closed_exception", reason: "closed" } };
  expect(judgeItem(closed, { action: "write", isPast }).kind).toBe("retired");
});

const operation = {
  ...({
    kind: "index",
    index: '"i"',
    id: 'quote" and ü',
    version: 7,
    pipeline: undefined,
  } as const),
  source: { a: "ü" } as object,
};

test("a body is action and source, line by line, and ends before it is too large", () => {
  const body = createBulkBody(3, 200);
  expect(body.add(operation)).toBe(true);
  expect(body.add({ ...operation, source: Buffer.from('{"b":1}') })).toBe(true);
  expect(body.add(operation)).toBe(false);
  const target = { _index: "i", _id: 'quote" and ü' };
  const action = { index: { ...target, version: 7, version_type: "external" } };
  expect(linesOf(body.take())).toEqual([action, { a: "ü" }, action, { b: 1 }, ""]);
});

test("a merge has no version, a deletion no source, and a pipeline goes with the document", () => {
  const body = createBulkBody(4, 1_000);
  const target = { index: '"i"', id: "1" };
  body.add({ ...target, kind: "merge", source: Buffer.from('{"a":1}') });
  body.add({ ...target, kind: "delete", version: 8 });
  body.add({ ...target, kind: "delete", version: undefined });
  body.add({ ...operation, id: "1", pipeline: 'p"' });
  const id = { _index: "i", _id: "1" };
  const external = { version_type: "external" };
  expect(linesOf(body.take())).toEqual([
    { update: { ...id, retry_on_conflict: 3 } },
    { doc: { a: 1 }, doc_as_upsert: true },
    { delete: { ...id, version: 8, ...external } },
    { delete: id },
    { index: { ...id, version: 7, ...external, pipeline: 'p"' } },
    { a: "ü" },
    "",
  ]);
});

test("a document larger than a bulk goes alone, and a body holds no more operations than it may", () => {
  const large = createBulkBody(10, 100);
  const long = { ...operation, source: { text: "x".repeat(300_000) } };
  expect([large.add(long), large.add(long)]).toEqual([true, false]);
  expect(large.take().length).toBeGreaterThan(300_000);
  const few = createBulkBody(1, 1_000_000);
  expect([few.add(operation), few.add(operation)]).toEqual([true, false]);
});

function linesOf(body: Buffer): unknown[] {
  return body
    .toString()
    .split("\n")
    .map((line) => (line === "" ? "" : JSON.parse(line)));
}

test("the template maps the fields of an aggregate, nested or under the names of a projection", () => {
  const nested = JSON.stringify(indexTemplate(statement, { shards: 2, replicas: 1, job: "j" }));
  expect(nested).toContain('"index_patterns":["temps-*"]');
  expect(nested).toContain('"number_of_shards":2');
  expect(nested).toContain('"_meta":{"fleetproof":{"job":"j"}}');
  expect(nested).toContain('"device":{"properties":{"id":{"type":"keyword"}');
  expect(nested).toContain('"sum":{"type":"long"}');
  const flat = statementOf(
    "INSERT INTO x SELECT device.id AS device, temperature.* FROM t PK device.id",
  );
  const text = JSON.stringify(indexTemplate(flat, { shards: 1, replicas: 0, job: "j" }));
  expect(text).toContain('"index_patterns":["x"]');
  expect(text).toContain('"device":{"type":"keyword"}');
  expect(text).toContain('"mean":{"type":"double"}');
  const kept = statementOf(
    "INSERT INTO x SELECT device.id AS d, temperature.* FROM t WITHSTRUCTURE PK device.id",
  );
  const structure = JSON.stringify(indexTemplate(kept, { shards: 1, replicas: 0, job: "j" }));
  expect(structure).toContain('"device":{"properties":{"d":{"type":"keyword"}}}');
  expect(structure).toContain('"temperature":{"properties":{"min":{"type":"double"}');
});

test("of two templates that match an index, that of the longer target counts", () => {
  const priorityOf = (target: string): number => {
    const options = { shards: 1, replicas: 0, job: "j" };
    const template = indexTemplate(statementOf(elasticsearchKcql(target)), options);
    return (template as { readonly priority: number }).priority;
  };
  expect(priorityOf("temps-by-home")).toBeGreaterThan(priorityOf("temps"));
});
