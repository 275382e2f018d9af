import { expect, test } from "vitest";
import { rowOf } from "../../../harness/facts/table.ts";
import { collectScan } from "../../../harness/observe/store-scan.ts";
import { fieldReader } from "../../../harness/observe/take-scan.ts";

const mapping = {
  device: "device.id",
  window: "window.start",
  count: "count",
  sum: "temperature.sum",
  digest: "digest",
  mean: "temperature.mean",
};

/** Devices are `t-<index>`; everything else is nobody's. */
const plan = {
  deviceOf(bytes: Uint8Array, start: number, end: number): number {
    const match = /^t-(\d+)$/.exec(new TextDecoder().decode(bytes.subarray(start, end)));
    return match === null ? -1 : Number(match[1]);
  },
};

const whole = {
  device: { id: "t-7" },
  window: { start: 1_768_435_200_000 },
  count: 30,
  temperature: { sum: 59_191, mean: 19.73 },
  digest: "4048969ebe7149d4",
};

function scanOf(...documents: Record<string, unknown>[]) {
  const collector = collectScan("elasticsearch", mapping, plan);
  documents.forEach((fields, at) => {
    collector.add({ group: "day-1", key: `id-${at}`, fields });
  });
  return collector.finish();
}

test("device and window come from the fields the scenario names", () => {
  const { rows, count } = scanOf(whole);
  expect(count).toBe(1);
  expect(rowOf(rows.table, 0)).toEqual({
    device: 7,
    window: 1_768_435_200_000,
    count: 30,
    sum: 59_191,
    digestHi: 0x4048969e,
    digestLo: 0xbe7149d4,
    digestOk: 1,
    mean: 19.73,
    min: Number.NaN,
    max: Number.NaN,
    revision: Number.NaN,
    version: Number.NaN,
    group: 0,
  });
  expect(rows.columns).toEqual(["mean"]);
  expect([rows.groups, rows.keys]).toEqual([["day-1"], ["id-0"]]);
});

test("a window may be a number, a number as text, or an ISO time", () => {
  const starts = [1_768_435_200_000, "1768435200000", "2026-01-15T00:00:00.000Z"];
  const { rows } = scanOf(...starts.map((start) => ({ ...whole, window: { start } })));
  expect([...rows.table.columns.window.subarray(0, 3)]).toEqual(Array(3).fill(1_768_435_200_000));
});

test("what is absent, foreign or damaged is kept as such, never taken for a value", () => {
  const foreign = { device: { id: "x" }, digest: "4048969EBE7149D4", count: "many" };
  const { rows } = scanOf(foreign, {});
  expect(rowOf(rows.table, 0)).toMatchObject({ device: -1, count: Number.NaN, digestOk: 0 });
  expect(rowOf(rows.table, 1)).toMatchObject({ device: -1, window: Number.NaN, digestOk: 0 });
  expect(rows.deviceTexts.get(0)).toBe("x");
});

test("fields that are not mapped count for the digest of the state", () => {
  expect(scanOf({ ...whole, extra: 1 }).digest).not.toBe(scanOf({ ...whole, extra: 2 }).digest);
});

test("a key that holds dots itself is found", () => {
  expect(fieldReader("a.b")({ "a.b": 1 })).toBe(1);
  expect(fieldReader("a.b")({ a: { b: 2 } })).toBe(2);
  expect(fieldReader("a.b")({ a: 3 })).toBeUndefined();
});

test("the same rows under another name of the target have the same digest, on another day they have not", () => {
  const digestOf = (group: string, place?: string): string => {
    const collector = collectScan("elasticsearch", mapping, plan);
    collector.add({ group, key: "id", fields: whole, ...(place === undefined ? {} : { place }) });
    return collector.finish().digest;
  };
  expect(digestOf("new-day-1", "day-1")).toBe(digestOf("old-day-1", "day-1"));
  expect(digestOf("old-day-1", "day-1")).not.toBe(digestOf("old-day-2", "day-2"));
  expect(digestOf("old-day-1")).not.toBe(digestOf("new-day-1"));
});
