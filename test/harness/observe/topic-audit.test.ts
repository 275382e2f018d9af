import { expect, test } from "vitest";
import { faultNames } from "../../../harness/facts/aggregated-rows.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { createAggregatedAudit } from "../../../harness/observe/topic-audit.ts";
import { createRejectedAudit } from "../../../harness/observe/topic-audit-rejected.ts";
import { encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { at, honestHistory, plan } from "../checks/history.ts";

const { aggregate } = honestHistory.published[10]!;
const recordOf = (bent = aggregate, key = bent.device.id) =>
  at({ key: Buffer.from(key), value: encodeAggregate(bent) }, 3);

test("a published window becomes a row that names device, place and writer", () => {
  const audit = createAggregatedAudit(plan);
  audit.push(1, recordOf(), 77);
  const id = Buffer.from(aggregate.device.id);
  expect(rowOf(audit.rows.table, 0)).toMatchObject({
    device: plan.deviceOf(id, 0, id.length),
    partition: 1,
    offset: 3,
    window: aggregate.window.start,
    count: aggregate.count,
    sum: aggregate.temperature.sum,
    min: aggregate.temperature.min,
    faults: 0,
    producerId: 77,
  });
});

test("each (device, window) is announced once, however often it is published", () => {
  const first: [number, number][] = [];
  const audit = createAggregatedAudit(plan, (device, start) => first.push([device, start]));
  const far = { ...aggregate, window: { ...aggregate.window, start: 0 } };
  for (const bent of [aggregate, aggregate, far, far]) audit.push(0, recordOf(bent), 1);
  expect(first.map(([, start]) => start)).toEqual([aggregate.window.start, 0]);
});

test("what a record itself shows to be wrong is noted by name", () => {
  const audit = createAggregatedAudit(plan);
  audit.push(0, recordOf({ ...aggregate, version: 1 }, "someone else"), 1);
  audit.push(0, at({ key: Buffer.from("k"), value: Buffer.from("{}") }, 4), 1);
  audit.push(0, at({ key: null, value: null }, 5), 1);
  const { faults, device } = audit.rows.table.columns;
  expect(faultNames(faults[0]!)).toEqual(["key", "version"]);
  expect(faultNames(faults[1]!)).toEqual(["unreadable"]);
  expect(faultNames(faults[2]!)).toEqual(["unreadable"]);
  expect(device[1]).toBe(-1);
  expect(audit.rows.deviceTexts.get(1)).toBe("k");
});

test("a rejected record without our headers, or from another topic, has no known source", () => {
  const audit = createRejectedAudit("raw");
  const header = (key: string, text: string) => ({ key, value: Buffer.from(text) });
  const place = [header("source.partition", "1"), header("source.offset", "42")];
  const record = at({ key: Buffer.from("k"), value: Buffer.from("v") }, 9);
  audit.push(0, record, [header("reason", "late"), header("source.topic", "raw"), ...place]);
  audit.push(0, record, [header("reason", "late"), header("source.topic", "other"), ...place]);
  audit.push(0, record, []);
  const rows = [0, 1, 2].map((row) => rowOf(audit.rows, row));
  expect(rows[0]).toMatchObject({
    partition: 1,
    offset: 42,
    reason: 3,
    atPartition: 0,
    atOffset: 9,
  });
  expect(rows[1]).toMatchObject({ partition: -1, offset: -1, reason: 3 });
  expect(rows[2]).toMatchObject({ partition: -1, offset: -1, reason: 255 });
  expect(rows[1]!.bytesHi).toBe(rows[0]!.bytesHi);
});
