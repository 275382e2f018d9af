/** What SELECT makes of a record. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseKcql } from "../../../pipeline/kcql/parser.ts";
import type { JsonObject, RecordView } from "../../../pipeline/kcql/path.ts";
import { compileProjection } from "../../../pipeline/kcql/projection.ts";

const document = {
  device: { id: "a", home: "h", tags: ["x", "y"] },
  sensor: { temperature: 2100, target: null, place: { room: "attic" } },
  name: "top",
  count: 3,
};

/** `after`: what follows the topic. */
function project(columns: string, value: JsonObject = document, after = ""): unknown {
  const parsed = parseKcql(`INSERT INTO a SELECT ${columns} FROM t ${after}`);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  const projected = compileProjection(parsed.statements[0]!).project({ ...record, value });
  return projected.ok ? plain(projected.document) : projected.message;
}

const record: RecordView = {
  value: document,
  key: { id: "k", zone: { name: "z" } },
  headers: () => ({ trace: "t-1", tries: 3 }),
  topic: "t",
  partition: 2,
  offset: 40,
  timestampMs: 1_768_435_200_000,
};

/** With the prototypes that `toEqual` looks for. */
const plain = (value: unknown): unknown => structuredClone(value);

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

test("columns of the key, the headers and what Kafka says of the record", () => {
  expect(project("_key, _header.trace AS tr, _.key.zone.name, _.topic, _.partition AS p")).toEqual({
    _key: { id: "k", zone: { name: "z" } },
    tr: "t-1",
    name: "z",
    topic: "t",
    p: 2,
  });
  expect(project("_key.*, _.offset, _.timestamp, _header.nothing")).toEqual({
    id: "k",
    zone: { name: "z" },
    offset: 40,
    timestamp: 1_768_435_200_000,
  });
  expect(project("_header.tries.x")).toMatch(/'_header.tries.x' leads through '_header.tries'/);
});

test("a key that is no object has no fields, and a missing one is left out", () => {
  const parsed = parseKcql("INSERT INTO a SELECT _key, _key.id FROM t");
  if (!parsed.ok) throw new Error(parsed.fault.message);
  const { project } = compileProjection(parsed.statements[0]!);
  expect(project({ ...record, key: "text" })).toMatchObject({
    ok: false,
    message: "'_key.id' leads through '_key', which is no object",
  });
  expect(project({ ...record, key: undefined })).toMatchObject({ ok: true, document: {} });
});

test("IGNORE leaves out what it names, however deep, and changes no record", () => {
  const before = plain(document);
  expect(project("*", document, "IGNORE device.home, sensor, count")).toEqual({
    device: { id: "a", tags: ["x", "y"] },
    name: "top",
  });
  expect(
    project("device.*, sensor.place", document, "IGNORE device.tags, sensor.place.room"),
  ).toEqual({
    id: "a",
    home: "h",
    place: {},
  });
  expect(project("*", document, "IGNORE sensor.*, device.*")).toEqual({ name: "top", count: 3 });
  expect(project("_key, name", document, "IGNORE _key.zone, nothing.at.all")).toEqual({
    _key: { id: "k" },
    name: "top",
  });
  expect(document).toEqual(before);
});

test("WITHSTRUCTURE keeps the nesting, however deep", () => {
  const within = (columns: string, value: JsonObject = document): unknown =>
    project(columns, value, "WITHSTRUCTURE");
  expect(within("*")).toEqual(document);
  expect(within("device.id, sensor.place.room AS r, name AS n, _.offset")).toEqual({
    device: { id: "a" },
    sensor: { place: { r: "attic" } },
    n: "top",
    offset: 40,
  });
  expect(within("sensor.*, device.nothing, count")).toEqual({
    sensor: { temperature: 2100, place: { room: "attic" } },
    count: 3,
  });
  const deep = { a: { b: { c: { d: { e: 1, f: 2 } } } } };
  expect(within("a.b.c.d.e", deep)).toEqual({ a: { b: { c: { d: { e: 1 } } } } });
  expect(within("a.b.c.d.e AS x, a.b.c.d.f AS x", deep)).toEqual({
    a: { b: { c: { d: { x: 1, x_1: 2 } } } },
  });
  expect(within("name.first.x")).toMatch(/leads through 'name'/);
});

test("with WITHSTRUCTURE '*' leaves what other columns go into to them", () => {
  expect(project("*, device.id AS did, count AS n", document, "WITHSTRUCTURE")).toEqual({
    sensor: document.sensor,
    name: "top",
    device: { did: "a" },
    n: 3,
  });
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
