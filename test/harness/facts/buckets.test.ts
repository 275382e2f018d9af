import { expect, test } from "vitest";
import { bucketsOf, oneBucket } from "../../../harness/facts/buckets.ts";
import { createPlan } from "../../../simulator/plan.ts";
import { options, plan } from "../checks/history.ts";

test("what is small is one bucket, and so is all that names no device", () => {
  expect(bucketsOf(plan).many).toBe(1);
  expect([0, 7, -1, 1e9].map(oneBucket.of)).toEqual([0, 0, 0, 0]);
});

test("a bucket holds some 260,000 windows, however long the run and large the fleet", () => {
  const devices = 2_000;
  const day = { ...options, devices, startAt: Date.UTC(2026, 0, 14), loadMs: 86_400_000 };
  const buckets = bucketsOf(createPlan(day));
  expect(buckets.many).toBe(Math.ceil((devices * 1_440) / 262_144));
  const week = createPlan({ ...day, loadMs: 7 * 86_400_000 });
  expect(bucketsOf(week).many).toBe(Math.ceil((devices * 7 * 1_440) / 262_144));
});

test("every device of the plan has one bucket, and no bucket has many more than another", () => {
  const large = createPlan({ ...options, devices: 2_000, loadMs: 10 * 86_400_000 });
  const { many, of } = bucketsOf(large);
  const sizes = new Array<number>(many).fill(0);
  for (let device = 0; device < large.allDevices; device++) sizes[of(device)]! += 1;
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  expect([-1, large.allDevices, Number.NaN].map(of)).toEqual([0, 0, 0]);
});

test("a rejected reading and what the topic says of it share a bucket by their raw offset", () => {
  const { many, ofOffset } = bucketsOf(createPlan({ ...options, devices: 99, loadMs: 8e9 }));
  expect(many).toBeGreaterThan(1);
  expect(ofOffset(many + 1)).toBe(1 % many);
  expect([-1, Number.NaN, 0.5, 2 ** 60].map(ofOffset)).toEqual([0, 0, 0, 0]);
});
