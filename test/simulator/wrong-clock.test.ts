import fc from "fast-check";
import { expect, test } from "vitest";
import { createStreamTime } from "../../harness/expected/stream-time.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import { createPlan, emptyPlannedReading, fates, type PlanOptions } from "../../simulator/plan.ts";
import { oddOptions, smallOptions, startAt } from "./plan-fixture.ts";

const wrong: PlanOptions = {
  ...smallOptions,
  devices: 400,
  mix: { ...smallOptions.mix, wrongClock: 0.004 },
};

/** How often each fate falls on a reading whose time is not when it is due. */
function wrongOnes(options: PlanOptions) {
  const plan = createPlan(options);
  const reading = emptyPlannedReading();
  const seen = { late: 0, future: 0, others: 0 };
  const aheadBy = new Map<number, Set<number>>();
  let readings = 0;
  for (let device = 0; device < options.devices; device++) {
    for (let index = 0; index < plan.readingsOf(device); index++) {
      plan.fill(device, index, reading);
      readings += 1;
      const due = startAt + plan.phaseOf(device) + index * plan.everyOf(device);
      if (reading.at === due) continue;
      const fate = fates[reading.fate]!;
      seen[fate === "late" || fate === "future" ? fate : "others"] += 1;
      expect(reading.sendAt).toBe(due);
      if (fate !== "future") continue;
      const partition = plan.partitionOf(device);
      aheadBy.set(partition, (aheadBy.get(partition) ?? new Set()).add(device));
    }
  }
  return { ...seen, readings, aheadBy };
}

test("so many clocks are wrong, half of them back at 1970, half of them years ahead", () => {
  const { late, future, others, readings } = wrongOnes(wrong);
  expect(others).toBe(0);
  const share = 0.002 * readings;
  expect(Math.abs(late - share)).toBeLessThan(6 * Math.sqrt(share));
  expect(Math.abs(future - share)).toBeLessThan(6 * Math.sqrt(share));
});

test("of a partition fewer devices than the quorum are ever ahead", () => {
  const { aheadBy } = wrongOnes(wrong);
  expect(aheadBy.size).toBe(wrong.partitions);
  for (const devices of aheadBy.values()) expect(devices.size).toBe(wrong.window.quorum - 1);
});

test("a quorum of one leaves nobody to be ahead", () => {
  const { late, future } = wrongOnes({ ...wrong, window: { ...wrong.window, quorum: 1 } });
  expect(future).toBe(0);
  expect(late).toBeGreaterThan(0);
});

test("in a partition of few devices no clock is wrong", () => {
  const { late, future } = wrongOnes({ ...wrong, devices: 5 });
  expect([late, future]).toEqual([0, 0]);
});

test("stream time, as the contract has it, rejects each of them and nothing else", () => {
  const { sizeMs, retentionMs, aheadMs, quorum } = wrong.window;
  const plan = createPlan(wrong);
  for (let partition = 0; partition < wrong.partitions; partition++) {
    const time = createStreamTime(quorum);
    createPartitionWalk(plan, partition).advance(Number.POSITIVE_INFINITY, (reading) => {
      const fate = fates[reading.fate]!;
      if (fate === "malformed") return;
      const before = time.now() ?? Number.NaN;
      time.see(reading.device, reading.at);
      const end = (Math.floor(reading.at / sizeMs) + 1) * sizeMs;
      const isLate = before >= end + retentionMs;
      const isFuture = reading.at > before + aheadMs;
      expect([isFuture, isLate], `${fate} at ${reading.at}`).toEqual([
        fate === "future",
        fate === "late",
      ]);
    });
  }
});

test("nothing else of a fleet changes when clocks are wrong", () => {
  fc.assert(
    fc.property(oddOptions, fc.nat(29), fc.nat(200), (options, d, index) => {
      const right = createPlan({ ...options, mix: { ...options.mix, wrongClock: 0 } });
      const plan = createPlan(options);
      const device = d % options.devices;
      const [a, b] = [emptyPlannedReading(), emptyPlannedReading()];
      plan.fill(device, index, a);
      right.fill(device, index, b);
      expect([a.boot, a.seq, a.temperature, a.sendAt]).toEqual([
        b.boot,
        b.seq,
        b.temperature,
        b.sendAt,
      ]);
      if (a.at === b.at) expect(a).toEqual(b);
      else expect(fates[b.fate]).toBe("on-time");
    }),
  );
});
