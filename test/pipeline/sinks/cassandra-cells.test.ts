/**
 * JSON values in the columns of a Cassandra table: what fits, in which form, and what is refused.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileCell, describeMisfit } from "../../../pipeline/sinks/cassandra/cells.ts";
import { type CqlType, parseCqlType } from "../../../pipeline/sinks/cassandra/cql-type.ts";

function typeOf(text: string): CqlType {
  const parsed = parseCqlType(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.type;
}

const cell = (value: unknown, type: string) => compileCell(typeOf(type))(value);

test.each([
  ["x", "text", "x"],
  ["x", "varchar", "x"],
  ["x", "ascii", "x"],
  [false, "boolean", false],
  [-128, "tinyint", -128],
  [32767, "smallint", 32767],
  [2147483647, "int", 2147483647],
  [-2147483648, "int", -2147483648],
  [1768435500000030, "bigint", 1768435500000030],
  ["9223372036854775807", "bigint", "9223372036854775807"],
  ["42", "bigint", 42],
  ["123456789012345678901234567890", "varint", "123456789012345678901234567890"],
  [7, "varint", 7],
  [19.73, "double", 19.73],
  [19.73, "float", 19.73],
  [1e-7, "decimal", "1e-7"],
  ["-12.30", "decimal", "-12.30"],
  [1768435200000, "timestamp", 1768435200000],
  ["2026-01-15T00:00:00Z", "timestamp", 1768435200000],
  ["2026-01-15T01:00:00.0000+01:00", "timestamp", 1768435200000],
  ["2024-02-29", "date", "2024-02-29"],
  ["23:59:59.999999999", "time", "23:59:59.999999999"],
  ["C4A760A8-DBCF-4E14-9C39-9ED16D4A4A31", "uuid", "c4a760a8-dbcf-4e14-9c39-9ed16d4a4a31"],
  ["50554d6e-29bb-11e5-b345-feff819cdc9f", "timeuuid", "50554d6e-29bb-11e5-b345-feff819cdc9f"],
  ["127.0.0.1", "inet", "127.0.0.1"],
  ["::1", "inet", "::1"],
  ["AAEC", "blob", "AAEC"],
  [["b", "a"], "set<text>", ["b", "a"]],
  [[1, 2], "frozen<list<int>>", [1, 2]],
  [{ a: 1 }, "map<text, int>", [["a", 1]]],
  [
    { 5: { x: [true] } },
    "map<int, frozen<map<text, frozen<set<boolean>>>>>",
    [[5, [["x", [true]]]]],
  ],
  [["a", 1], "frozen<tuple<text, int>>", ["a", 1]],
])("%j in a column of type %s is %j", (value, type, expected) => {
  expect(cell(value, type)).toEqual(expected);
});

test.each([
  [7, "text"],
  [{}, "text"],
  ["ü", "ascii"],
  [1, "boolean"],
  [128, "tinyint"],
  [2147483648, "int"],
  [1.5, "int"],
  ["1", "int"],
  [2 ** 60, "bigint"],
  ["9223372036854775808", "bigint"],
  ["", "bigint"],
  [2 ** 60, "varint"],
  ["1".repeat(5_000), "varint"],
  ["19.73", "double"],
  [Number.POSITIVE_INFINITY, "double"],
  [1e39, "float"],
  ["12,3", "decimal"],
  ["1e99999", "decimal"],
  ["2026-01-15T00:00:00", "timestamp"],
  ["2026-02-30T00:00:00Z", "timestamp"],
  ["2026-01-15T00:00:00.123456Z", "timestamp"],
  [1.5, "timestamp"],
  [1e16, "timestamp"],
  ["15.1.2026", "date"],
  ["2026-02-29", "date"],
  ["24:00:00", "time"],
  ["c4a760a8", "uuid"],
  ["c4a760a8-dbcf-4e14-9c39-9ed16d4a4a31", "timeuuid"],
  ["localhost", "inet"],
  ["fe80::1%eth0", "inet"],
  ["AAE", "blob"],
  [["a", null], "set<text>"],
  ["a", "set<text>"],
  [["a"], "frozen<tuple<text, int>>"],
  [{ a: "b" }, "map<text, int>"],
  [{ a: 1 }, "map<int, int>"],
  [[1], "map<int, int>"],
])("%j does not fit a column of type %s", (value, type) => {
  expect(cell(value, type)).toBeUndefined();
});

test.each([
  ["counter", /counts twice/],
  ["list<text>", /double a list that is not frozen/],
  ["duration", /no JSON value/],
  ["frozen<address>", /no JSON value/],
  ["vector<float, 3>", /no JSON value/],
  ["map<text, duration>", /no JSON value/],
])("a column of type %s is not written to", (type, message) => {
  expect(parseCqlType(type)).toMatchObject({ ok: false, message: expect.stringMatching(message) });
});

test("a misfit names column, type and value, cut, and what the column takes", () => {
  const column = { name: "count", type: "int" };
  expect(describeMisfit(column, typeOf("int"), "many")).toBe(
    `column 'count' of type int cannot hold "many": it takes whole numbers of 32 bits`,
  );
  expect(describeMisfit(column, typeOf("int"), { a: "x".repeat(500) })).toMatch(
    /^.{0,140}…: it takes .*; select the fields inside it one by one$/,
  );
});

test("no JSON value makes a reader throw, and what it gives is of the column's kind", () => {
  const types = ["text", "bigint", "decimal", "timestamp", "date", "inet", "blob", "uuid", "time"];
  const containers = ["set<text>", "map<int, double>", "frozen<tuple<int, text>>", "float"];
  fc.assert(
    fc.property(fc.constantFrom(...types, ...containers), fc.jsonValue(), (type, value) => {
      const held = cell(value, type);
      // Read once more, what fits is the same: a cell has one form.
      if (held !== undefined && !type.startsWith("map")) expect(cell(held, type)).toEqual(held);
    }),
    { numRuns: 1_000 },
  );
});

test("every bigint that is written as text is the number that it says", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (whole) => {
      expect(BigInt(cell(String(whole), "bigint") as string | number)).toBe(whole);
    }),
  );
});
