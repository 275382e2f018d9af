/**
 * From a record as it lies in the log to writes: converters, keys, headers, versions, times,
 * records without a value.
 */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { compileTopic } from "../../../../pipeline/connect/task/convert-records.ts";
import { encodeAggregate } from "../../../../pipeline/contract/aggregate.ts";
import { emptyBatch, readBatch } from "../../../../pipeline/kafka/wire/batch-reader.ts";
import {
  createBatchWriter,
  type RecordHeader,
} from "../../../../pipeline/kafka/wire/batch-writer.ts";
import { emptyRecord, firstRecord } from "../../../../pipeline/kafka/wire/record-cursor.ts";
import { stampBatch } from "../../../../pipeline/kafka/wire/stamp-batch.ts";
import { documentOf, type SinkWrite } from "../../../../pipeline/sinks/sink.ts";
import { plainStamp } from "../../kafka/wire/plain-stamp.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import { jobConfig, topic } from "./task-bench.ts";

type Given = {
  readonly value: unknown;
  readonly key?: string | Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
};

const nowMs = 1_800_000_000_000;
const recordMs = 1_700_000_000_000;
const record = { topic, partition: 3, offset: 0 };

/** What a job of this config makes of a record: its writes, or why there are none. */
function convert(changes: Record<string, string>, statement: string, given: Given) {
  const kcql = `INSERT INTO a SELECT ${statement.replace("FROM", `FROM ${topic}`)}`;
  const config = jobConfig({ "connect.elastic.kcql": kcql, ...changes });
  const writes: SinkWrite[] = [];
  const outcome = compileTopic(topic, config, () => nowMs)(cursorOf(given), record, writes);
  return { outcome, writes, write: writes[0] };
}

function cursorOf({ value, key = "k", headers = [] }: Given) {
  const bytes = value === null ? null : toBytes(value);
  const keyBytes = key === null ? null : typeof key === "string" ? Buffer.from(key) : key;
  const writer = createBatchWriter(1024);
  const keyEnd = keyBytes?.length ?? 0;
  writer.append(keyBytes, 0, keyEnd, bytes, 0, bytes?.length ?? 0, headers, recordMs);
  const draft = writer.take();
  stampBatch(draft, { ...plainStamp, timestamp: recordMs });
  const batch = emptyBatch();
  expect(readBatch(draft.bytes.subarray(0, draft.end), 0, batch)).toBe(true);
  const cursor = emptyRecord();
  expect(firstRecord(batch, cursor)).toBe(true);
  return cursor;
}

function toBytes(value: unknown): Uint8Array {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}

const json = { "key.converter": "JsonConverter" };
const header = (key: string, value: string | null): RecordHeader => ({
  key,
  value: value === null ? null : Buffer.from(value),
});
const reading = { id: "d", version: 7, window: { start: 5 } };

test("a whole document keeps its bytes; a projected or unwrapped one has none", () => {
  const text = ' {"id":"d", "version":7} ';
  for (const value of [text, `\n${text}`, text.replace('"d"', '"ü"')]) {
    const { write } = convert({}, "* FROM PK id", { value });
    expect(Buffer.from(write!.json!).toString()).toBe(value);
    expect(write!.document).toBeUndefined();
    expect(documentOf(write!)).toEqual(JSON.parse(value));
  }
  const projected = convert({}, "id FROM PK id", { value: text }).write;
  expect(projected).toMatchObject({ document: { id: "d" }, json: undefined });
  const enveloped = { schema: null, payload: { id: "d", version: 7 } };
  const schemas = { "value.converter.schemas.enable": "true" };
  const unwrapped = convert(schemas, "* FROM PK id", { value: enveloped });
  expect(unwrapped.write).toMatchObject({ document: enveloped.payload, json: undefined });
});

test.each([
  ["* FROM PK id"],
  ["* FROM PK window.start, id"],
  ["* FROM PK _key, version WITHINDEXSUFFIX=`-{yyyy}`"],
  ["* FROM PK _header.h"],
  ["* FROM"],
])("%s: a record that is scanned and one that is parsed come to the same", (statement) => {
  const part = fc.constantFrom<unknown>(undefined, null, 0, -0, 7, 1.5, -1, "", "a", true, {}, [1]);
  const window = fc.oneof(part, fc.record({ start: part, end: part }));
  const values = fc.record({ id: part, version: part, window });
  const times = [{}, { "fleetproof.version.field": "_.timestamp" }];
  fc.assert(
    fc.property(values, fc.constantFrom(...times), (value, changes) => {
      const come = (text: string) => {
        const { outcome, writes } = convert(changes, statement, {
          value: text,
          headers: [header("h", "1")],
        });
        return { outcome, writes: writes.map((one) => ({ ...one, json: documentOf(one) })) };
      };
      const text = JSON.stringify(value);
      expect(come(text)).toEqual(come(`\n${text}`)); // A line break is left to JSON.parse.
    }),
    { numRuns: 300 },
  );
});

test("fields that were scanned come to the same row, or the same message, as a parsed document's", () => {
  const statement = "id AS device, window.start, window.deep.down AS down, version, tag FROM PK id";
  const part = fc.oneof(fc.nat(), fc.constantFrom("", "d", "é", null, true, 0.5, [], [1], {}));
  const deep = fc.oneof(part, fc.record({ down: part }, { requiredKeys: [] }));
  const window = fc.oneof(part, fc.record({ start: part, deep }, { requiredKeys: [] }));
  const value = fc.record({ id: part, version: part, window, tag: part }, { requiredKeys: [] });
  fc.assert(
    fc.property(value, (given) => {
      const come = (text: string) => {
        const { outcome, writes } = convert({}, statement, { value: text });
        return { outcome, writes };
      };
      const text = JSON.stringify(given);
      expect(come(text)).toEqual(come(`\n${text}`)); // A line break is left to JSON.parse.
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ["as it is", "* FROM PK device.id, window.start"],
  ["with its fields at the top", "device.id AS device, window.start, count FROM PK device.id"],
])(
  "an aggregate is stored %s without being parsed; one with a letter beyond ASCII is parsed",
  (_, statement) => {
    const kcql = `INSERT INTO a SELECT ${statement.replace("FROM", `FROM ${topic}`)}`;
    const convertAll = compileTopic(
      topic,
      jobConfig({ "connect.elastic.kcql": kcql }),
      () => nowMs,
    );
    const cursors = ["t-0000042", "t-ü"].map((device) => {
      return cursorOf({ value: Buffer.from(encodeAggregate(aggregate(device, 0, 30))).toString() });
    });
    const parse = vi.spyOn(JSON, "parse");
    const parses = cursors.map((cursor) => {
      const before = parse.mock.calls.length;
      expect(convertAll(cursor, record, [])).toBe("converted");
      return parse.mock.calls.length - before;
    });
    parse.mockRestore();
    expect(parses).toEqual([0, 1]);
  },
);

test("an envelope that is none is told, with the key that would mend it", () => {
  const schemas = { "value.converter.schemas.enable": "true" };
  for (const value of [reading, { schema: 1, payload: {}, more: 1 }, [1]]) {
    expect(convert(schemas, "* FROM PK id", { value }).outcome).toMatchObject({
      stage: "VALUE_CONVERTER",
      message: expect.stringMatching(/value.converter.schemas.enable=false/),
    });
  }
  expect(convert(schemas, "* FROM PK id", { value: { schema: 1, payload: [] } })).toMatchObject({
    outcome: { stage: "VALUE_CONVERTER" },
  });
});

test("text that holds JSON is read by StringConverter as well", () => {
  const text = { "value.converter": "org.apache.kafka.connect.storage.StringConverter" };
  expect(convert(text, "* FROM PK id", { value: reading }).write?.id).toEqual(["d"]);
});

test("keys are text, JSON, an envelope or base64, as their converter says", () => {
  const id = (changes: Record<string, string>, path: string, key: string | Uint8Array) =>
    convert(changes, `* FROM PK ${path}`, { value: reading, key });
  expect(id({}, "_key", "text").write?.id).toEqual(["text"]);
  expect(id(json, "_key.a.b", '{"a":{"b":9}}').write?.id).toEqual([9]);
  const schemas = { ...json, "key.converter.schemas.enable": "true" };
  expect(id(schemas, "_key.a", '{"schema":null,"payload":{"a":"x"}}').write?.id).toEqual(["x"]);
  const bytes = { "key.converter": "ByteArrayConverter" };
  expect(id(bytes, "_key", Uint8Array.of(0xff, 0)).write?.id).toEqual(["/wA="]);
  expect(id({}, "_key", Uint8Array.of(0xff)).outcome).toMatchObject({ stage: "KEY_CONVERTER" });
  expect(convert({}, "* FROM PK _key", { value: reading, key: null }).outcome).toMatchObject({
    message: "the primary key's '_key' is missing",
  });
});

test("a key or header that nobody asks for is not looked at", () => {
  const odd = { key: Uint8Array.of(0xff), headers: [{ key: "h", value: Uint8Array.of(0xff) }] };
  expect(convert(json, "* FROM PK id", { value: reading, ...odd }).outcome).toBe("converted");
  const other = { ...odd, headers: [...odd.headers, header("x", "1")] };
  expect(convert(json, "* FROM PK _header.x", { value: reading, ...other }).write?.id).toEqual([
    "1",
  ]);
});

test("of headers with one name the last counts, and any name is only a name", () => {
  const headers = [header("h", "1"), header("h", "2"), header("__proto__", "p")];
  const { write } = convert({}, "id, _header.h AS h FROM PK _header.h", {
    value: reading,
    headers,
  });
  expect(write).toMatchObject({ id: ["2"], document: { id: "d", h: "2" } });
  expect(convert({}, "* FROM PK _header.no", { value: reading, headers }).outcome).toMatchObject({
    message: "the primary key's '_header.no' is missing",
  });
});

test("without PK the id is topic, partition and offset", () => {
  expect(convert({}, "* FROM", { value: reading }).write?.id).toEqual([topic, 3, 0]);
});

test.each([
  ["version", 7],
  ["_.timestamp", recordMs * 1_000],
  ["_.offset", 0],
  ["_key.v", 11],
])("the version may be %s", (field, version) => {
  const changes = { ...json, "fleetproof.version.field": field };
  expect(convert(changes, "* FROM PK id", { value: reading, key: '{"v":11}' }).write).toMatchObject(
    { version },
  );
});

test.each([
  [undefined, /'version' must be an integer from 0 to 2\^53 and is missing/],
  ["7", /is "7"/],
  [-1, /is -1/],
  [1.5, /is 1.5/],
  [2 ** 53, /is 9007199254740992/],
  ["x".repeat(1_000), /^.{50,180}$/],
])("a version of %j is none", (version, why) => {
  const value = { ...reading, version };
  expect(convert({}, "* FROM PK id", { value }).outcome).toMatchObject({
    stage: "TRANSFORMATION",
    message: expect.stringMatching(why),
  });
});

test("the time is read where an index's date or a TTL hangs on it, and only there", () => {
  const timeless = { id: "d", version: 7 };
  const suffix = "WITHINDEXSUFFIX=`-{yyyy}`";
  expect(convert({}, "* FROM PK id", { value: timeless }).write?.timeMs).toBe(recordMs);
  expect(convert({}, `* FROM PK id ${suffix}`, { value: reading }).write?.timeMs).toBe(5);
  expect(convert({}, `* FROM PK id ${suffix}`, { value: timeless }).outcome).toMatchObject({
    message: expect.stringMatching(/'window.start' must be an integer/),
  });
  const wall = { "fleetproof.index.time": "wall-clock" };
  expect(convert(wall, `* FROM PK id ${suffix}`, { value: timeless }).write?.timeMs).toBe(nowMs);
});

test("a merging UPSERT needs no version", () => {
  const kcql = `UPSERT INTO a SELECT * FROM ${topic} PK id`;
  const changes = { "fleetproof.kcql.mode": "compat", "connect.elastic.kcql": kcql };
  expect(convert(changes, "", { value: { id: "d" } }).write?.version).toBe(recordMs * 1_000);
});

test("a record without a value fails, means nothing, or deletes, as it is told", () => {
  const nulls = (means: string, more: Record<string, string> = {}, key = '{"id":"d","v":3}') =>
    convert({ ...json, "fleetproof.null.values": means, ...more }, "* FROM PK _key.id", {
      value: null,
      key,
    });
  expect(nulls("fail")).toMatchObject({ outcome: { stage: "TRANSFORMATION" }, writes: [] });
  expect(nulls("ignore")).toMatchObject({ outcome: "passed-over", writes: [] });
  const deleted = { action: "delete", id: ["d"], document: {}, json: undefined };
  const latest = recordMs * 1_000 + 999;
  expect(nulls("delete").write).toMatchObject({ ...deleted, version: latest });
  const versions = (field: string) => nulls("delete", { "fleetproof.version.field": field });
  expect(versions("_.timestamp").write).toMatchObject({ ...deleted, version: latest });
  expect(versions("_.offset").write?.version).toBe(0);
  expect(versions("_key.v").write?.version).toBe(3);
  expect(nulls("delete", {}, "{}").outcome).toMatchObject({ stage: "TRANSFORMATION" });
  const schemas = { ...json, "value.converter.schemas.enable": "true" };
  const envelope = { value: { schema: null, payload: null }, key: '{"id":"d"}' };
  const means = { "fleetproof.null.values": "delete" };
  expect(convert({ ...schemas, ...means }, "* FROM PK _key.id", envelope).write?.action).toBe(
    "delete",
  );
});

test("of a record that one statement cannot take, no statement takes anything", () => {
  const kcql = `INSERT INTO a SELECT * FROM ${topic} PK id; INSERT INTO b SELECT * FROM ${topic} PK no`;
  const { outcome, writes } = convert({ "connect.elastic.kcql": kcql }, "", { value: reading });
  expect(outcome).toMatchObject({ stage: "TRANSFORMATION" });
  expect(writes).toEqual([]);
});
