/** What SELECT makes of a document. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseKcql } from "../../../pipeline/kcql/parser.ts";
import { compileProjection } from "../../../pipeline/kcql/projection.ts";

const document = {
  device: { id: "a", home: "h", tags: ["x", "y"] },
  sensor: { temperature: 2100, target: null, place: { room: "attic" } },
  name: "top",
  count: 3,
};

function project(columns: string, value: Record<string, unknown> = document): unknown {
  const parsed = parseKcql(`INSERT INTO a SELECT ${columns} FROM t`);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  const projected = compileProjection(parsed.statements[0]!.columns).project(value);
  return projected.ok ? { ...projected.document } : projected.message;
}

test("'*' alone leaves the document as it is", () => {
  expect(project("*")).toEqual(document);
});

test("a path lands under its last name, an alias renames", () => {
  expect(project("sensor.place.room, device.id AS device")).toEqual({ room: "attic", device: "a" });
});

test("'sensor.*' lifts the children, without those that are null", () => {
  expect(project("sensor.*")).toEqual({ temperature: 2100, place: { room: "attic" } });
});

test("objects and arrays that are selected are kept whole", () => {
  expect(project("device.tags, sensor.place")).toEqual({
    tags: ["x", "y"],
    place: { room: "attic" },
  });
});

test("missing and null fields are left out", () => {
  expect(project("nothing, device.nothing, nothing.below, sensor.target, count")).toEqual({
    count: 3,
  });
});

test("'*' beside a named field leaves that field out, so that an alias moves it", () => {
  expect(project("*, count AS n, device.id")).toEqual({
    device: document.device,
    sensor: document.sensor,
    name: "top",
    n: 3,
    id: "a",
  });
});

test("a name that is taken gets a number", () => {
  const value = { a: { x: 1 }, b: { x: 2 }, c: { x: 3 } };
  expect(project("a.x, b.x, c.x", value)).toEqual({ x: 1, x_1: 2, x_2: 3 });
});

test("a path through something that is no object is refused", () => {
  expect(project("name.first")).toMatch(/leads through 'name'/);
  expect(project("count.*")).toMatch(/leads through 'count'/);
});

test("names that JavaScript gives a meaning are names like any other", () => {
  const value = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as Record<string, unknown>;
  expect(project("__proto__.x, constructor, toString", value)).toEqual({ x: 1, constructor: 2 });
});

test("whatever the document, naming all its fields gives the document without its nulls", () => {
  const name = fc.stringMatching(/^[a-z]{3,8}q$/);
  fc.assert(
    fc.property(fc.dictionary(name, fc.jsonValue(), { minKeys: 1 }), (value) => {
      const expected = Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null));
      expect(project(Object.keys(value).join(", "), value)).toEqual(expected);
    }),
  );
});
