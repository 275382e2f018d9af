import fc from "fast-check";
import { expect, test } from "vitest";
import { createPlan, emptyPlannedReading, fates } from "../../simulator/plan.ts";
import { anyOptions, smallOptions } from "./plan-fixture.ts";

test("each fate and the duplicates take their share of the readings", () => {
  const plan = createPlan(smallOptions);
  const reading = emptyPlannedReading();
  const counts = new Map<string, number>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const readings = 200_000;
  for (let i = 0; i < readings; i++) {
    plan.fill(i % 40, Math.floor(i / 40), reading);
    count(fates[reading.fate]!);
    if (reading.duplicateAt >= 0) count("duplicated");
  }
  const { mix } = smallOptions;
  const wanted = {
    "out-of-order": mix.outOfOrder,
    revising: mix.revising,
    late: mix.late,
    duplicated: mix.duplicated,
    malformed: mix.malformed,
    missing: mix.missing,
  };
  for (const [name, share] of Object.entries(wanted)) {
    const sigma = Math.sqrt(readings * share * (1 - share));
    expect(Math.abs(counts.get(name)! - readings * share), name).toBeLessThan(5 * sigma);
  }
});

test("every delay lies in the interval that makes the pipeline's answer certain", () => {
  fc.assert(
    fc.property(anyOptions, fc.nat(29), fc.nat(39), (options, d, index) => {
      const { everyMs, window } = options;
      const plan = createPlan(options);
      const reading = emptyPlannedReading();
      plan.fill(d % options.devices, index, reading);
      const { at, sendAt, duplicateAt } = reading;
      const fate = fates[reading.fate]!;
      const end = (Math.floor(at / window.sizeMs) + 1) * window.sizeMs;
      const firstEmission = end + window.graceMs;
      const closed = end + window.retentionMs;
      const margin = 2 * everyMs;
      if (fate === "out-of-order") {
        expect(sendAt).toBeGreaterThan(at);
        expect(sendAt).toBeLessThan(firstEmission);
      } else if (fate === "revising") {
        expect(sendAt).toBeGreaterThanOrEqual(firstEmission + margin);
        expect(sendAt).toBeLessThan(closed);
      } else if (fate === "late") {
        expect(sendAt).toBeGreaterThanOrEqual(closed + margin);
        expect(sendAt).toBeLessThan(closed + margin + window.sizeMs);
      } else {
        expect(sendAt).toBe(at);
      }
      if (duplicateAt >= 0) {
        expect(fate).toBe("on-time");
        expect(duplicateAt).toBeGreaterThan(sendAt);
        const most = Math.max(1, Math.min(3 * everyMs, window.graceMs));
        expect(duplicateAt).toBeLessThanOrEqual(sendAt + most);
      }
      expect([sendAt, duplicateAt].every(Number.isSafeInteger)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("out-of-order readings come behind later readings of enough neighbours to be behind stream time", () => {
  const plan = createPlan({ ...smallOptions, devices: 600 });
  const reading = emptyPlannedReading();
  let seen = 0;
  for (let device = 0; device < 600; device++) {
    for (let index = 0; index < 20; index++) {
      plan.fill(device, index, reading);
      if (fates[reading.fate] !== "out-of-order") continue;
      seen += 1;
      const between = [...plan.devicesOf(plan.partitionOf(device))].filter((other) => {
        const { first, end } = plan.indexesIn(other, reading.at + 1, reading.sendAt);
        return other !== device && end > first;
      });
      expect(between.length).toBeGreaterThanOrEqual(1);
    }
  }
  expect(seen).toBeGreaterThan(300);
});
