import { expect, test } from "vitest";
import { createWindowIndex } from "../../../harness/checks/window-index.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { factsOf, honestHistory, options, plan } from "./history.ts";

const facts = factsOf(honestHistory);
const { sizeMs } = options.window;
const { windows } = facts.audit;
const index = createWindowIndex(facts);
const rows = Array.from({ length: windows.length }, (_, row) => rowOf(windows, row));

test("each window of the ledger is found by its device and start, and no other window is", () => {
  for (const [row, { device, window }] of rows.entries()) {
    expect(index.rowOf(device, window)).toBe(row);
    expect(index.rowOf(device, window + 1)).toBe(-1);
  }
  const known = new Map(rows.map(({ device, window }, row) => [`${device}/${window}`, row]));
  const first = Math.floor(options.startAt / sizeMs) * sizeMs;
  for (let device = -1; device <= plan.fleetDevices; device++) {
    for (let nth = -3; nth < 20; nth++) {
      const start = first + nth * sizeMs;
      expect(index.rowOf(device, start)).toBe(known.get(`${device}/${start}`) ?? -1);
    }
    expect(index.rowOf(device, Number.NaN)).toBe(-1);
  }
});

test("a window that is due by the end of the log is told from one that is not", () => {
  for (const [row, { firstDue }] of rows.entries()) expect(index.isDue(row)).toBe(firstDue > 0);
});

test("foreign devices follow the plan's, by the text that the raw topic held of them", () => {
  const audit = { ...facts.audit, foreignDevices: ["a", "b"] };
  const { deviceOf, nameOf } = createWindowIndex({ plan, audit });
  const next = plan.allDevices;
  expect([deviceOf(0, "a"), deviceOf(3, undefined)]).toEqual([0, 3]);
  expect([deviceOf(-1, "a"), deviceOf(-1, "b")]).toEqual([next, next + 1]);
  expect([deviceOf(-1, "c"), deviceOf(-1, undefined)]).toEqual([-1, -1]);
  expect([nameOf(0), nameOf(next - 1)]).toEqual([plan.deviceId(0), plan.deviceId(next - 1)]);
  expect([nameOf(next), nameOf(next + 1), nameOf(next + 2)]).toEqual(["a", "b", "?"]);
});
