import fc from "fast-check";
import { expect, test } from "vitest";
import { createPlan, emptyPlannedReading } from "../../simulator/plan.ts";
import { oddOptions, smallOptions } from "./plan-fixture.ts";

/** Boot and seq of the first readings of a device, in order. */
function lifeOf(rebooted: number, device: number, readings: number) {
  const plan = createPlan({ ...smallOptions, rebooted });
  const reading = emptyPlannedReading();
  return Array.from({ length: readings }, (_, index) => {
    plan.fill(device, index, reading);
    return { boot: reading.boot, seq: reading.seq };
  });
}

test("a restart begins a boot, and its readings count from 0 again", () => {
  for (const device of [0, 7, 39]) {
    const life = lifeOf(0.1, device, 300);
    for (const [index, { boot, seq }] of life.entries()) {
      const before = life[index - 1] ?? { boot: 0, seq: -1 };
      if (boot === before.boot) expect(seq).toBe(before.seq + 1);
      else expect([boot, seq]).toEqual([before.boot + 1, 0]);
    }
    expect(life.filter(({ boot, seq }) => boot > 0 && seq === 0)).toHaveLength(30);
  }
});

test("without the share nobody restarts", () => {
  expect(lifeOf(0, 3, 200)).toEqual(Array.from({ length: 200 }, (_, seq) => ({ boot: 0, seq })));
});

test("boot and seq lead back to the reading, and to no other", () => {
  fc.assert(
    fc.property(oddOptions, fc.nat(29), fc.nat(5_000), (options, d, index) => {
      const plan = createPlan(options);
      const device = d % options.devices;
      const { boot, seq } = plan.readingId(device, index);
      expect(plan.indexOf(device, boot, seq)).toBe(index);
      const next = plan.readingId(device, index + 1);
      if (next.boot > boot) expect(plan.indexOf(device, boot, seq + 1)).toBe(-1);
      expect(plan.indexOf(device, boot, -1)).toBe(-1);
      expect(plan.indexOf(device, -1, seq)).toBe(-1);
    }),
  );
});

test("closing devices never restart", () => {
  const plan = createPlan({ ...smallOptions, rebooted: 0.5 });
  const reading = emptyPlannedReading();
  plan.fillAt(plan.fleetDevices + 1, 5, smallOptions.startAt, reading);
  expect([reading.boot, reading.seq]).toEqual([0, 5]);
  expect(plan.readingId(plan.fleetDevices + 1, 5)).toEqual({ boot: 0, seq: 5 });
  expect(plan.indexOf(plan.fleetDevices + 1, 0, 5)).toBe(5);
  expect(plan.indexOf(plan.fleetDevices + 1, 1, 5)).toBe(-1);
});
