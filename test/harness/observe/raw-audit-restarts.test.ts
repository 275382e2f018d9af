/** The audit over a fleet that restarts, sends at two rates and believes wrong clocks: exactly what the plan says. */
import { expect, test } from "vitest";
import { digestText } from "../../../harness/facts/digest-text.ts";
import { rowOf } from "../../../harness/facts/table.ts";
import { createRawAudit } from "../../../harness/observe/raw-audit.ts";
import { closingReadings } from "../../../simulator/closing.ts";
import { createPartitionWalk } from "../../../simulator/partition-walk.ts";
import { createPlan, type PlannedReading } from "../../../simulator/plan.ts";
import { at, options } from "../checks/history.ts";
import { bruteForce, foldOf, type RawRecord } from "../expected/brute-force.ts";

const span = 64;
const plan = createPlan({
  ...options,
  mix: { ...options.mix, wrongClock: 0.02 },
  rebooted: 0.05,
  hot: { devices: 4, everyMs: 1_000 },
});
const loadEnd = options.startAt + options.loadMs;

type Sent = RawRecord & { readonly device: number; readonly boot: number; readonly seq: number };

function sendsOf(partition: number): Sent[] {
  const sent: Sent[] = [];
  const add = (reading: PlannedReading): void => {
    const key = reading.idBytes.slice(reading.idStart, reading.idEnd);
    const bytes = new Uint8Array(plan.encodedMaxBytes);
    const value = bytes.slice(0, plan.encode(reading, bytes, 0));
    const { device, boot, seq } = reading;
    sent.push({ key, value, device, boot, seq });
  };
  createPartitionWalk(plan, partition).advance(loadEnd, add);
  for (const reading of closingReadings(plan, partition, loadEnd)) add(reading);
  return sent;
}

const honest = [0, 1].map(sendsOf);

function audited(logs: readonly (readonly RawRecord[])[]) {
  const audit = createRawAudit({ plan, span, digestKey: [0, 0], topic: "raw" });
  audit.cut(loadEnd);
  for (const [partition, log] of logs.entries()) {
    for (const [offset, record] of log.entries()) audit.push(partition, at(record, offset));
  }
  return audit.finish(true);
}

test("the honest log of such a fleet is its plan, and its windows are those of plain maps", () => {
  const facts = audited(honest);
  expect(facts.findings).toEqual([]);
  expect(facts.missing.length).toBe(0);
  expect(facts.partitions.map(({ rejectedUnplanned }) => rejectedUnplanned)).toEqual([0, 0]);
  const wanted = new Map(
    honest.flatMap((log, partition) => {
      const model = bruteForce(plan.options, partition, span);
      for (const record of log) model.fold(record);
      return [...model.windows];
    }),
  );
  expect(facts.windows.length).toBe(wanted.size);
  for (let row = 0; row < facts.windows.length; row++) {
    const found = rowOf(facts.windows, row);
    const window = wanted.get(`${plan.deviceId(found.device)}/${found.window}`)!;
    const { count, sum, min, max } = found;
    const digest = digestText(found.digestHi, found.digestLo);
    expect({ count, sum, min, max, digest }).toEqual(foldOf(window, window.accepted.length));
  }
  expect(honest.flat().some(({ boot }) => boot > 2)).toBe(true);
});

test("a reading of a later life that comes twice, or not at all, is named by its boot and seq", () => {
  const [log, other] = [honest[0]!, honest[1]!];
  const times = (each: Sent): number =>
    log.filter(({ key, value }) => Buffer.compare(value!, each.value!) === 0 && key).length;
  const nth = log.findIndex((each, k) => k > 500 && each.boot > 1 && times(each) === 1);
  const { device, boot, seq } = log[nth]!;
  const twice = audited([log.toSpliced(nth + 40, 0, log[nth]!), other]);
  expect(twice.findings).toEqual([
    {
      class: "duplicate",
      device: plan.deviceId(device),
      boot,
      seq,
      topic: "raw",
      partition: 0,
      offset: nth + 40,
    },
  ]);
  const without = audited([log.toSpliced(nth, 1), other]);
  expect(without.findings).toEqual([]);
  expect(without.missing.length).toBe(1);
  const { index } = rowOf(without.missing, 0);
  expect(plan.readingId(device, index)).toEqual({ boot, seq });
});
