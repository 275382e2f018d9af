/** The pause before another attempt. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { backOffMs, retryWaitMs } from "../../../../pipeline/connect/task/back-off.ts";

const policy = (intervalMs: number) => ({ limit: 1, intervalMs });

test("it doubles from the interval, up to half a minute", () => {
  const whole = [0, 1, 2, 3, 10, 5_000].map((attempt) => backOffMs(policy(500), attempt, () => 1));
  expect(whole).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
});

test("an interval longer than that is kept as it is", () => {
  expect(backOffMs(policy(60_000), 4, () => 1)).toBe(60_000);
});

test("jitter takes at most half of it away", () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60_000 }),
      fc.nat(40),
      unit,
      (interval, attempt, random) => {
        const whole = backOffMs(policy(interval), attempt, () => 1);
        const waitMs = backOffMs(policy(interval), attempt, () => random);
        expect(waitMs).toBeGreaterThanOrEqual(whole / 2);
        expect(waitMs).toBeLessThanOrEqual(whole);
      },
    ),
  );
});

test("between attempts the interval is kept, except while the store says that it is overloaded", () => {
  const wait = (overloads: number) => retryWaitMs(policy(500), overloads, () => 1);
  expect([0, 1, 2, 3, 10].map(wait)).toEqual([500, 1_000, 2_000, 4_000, 30_000]);
  expect(retryWaitMs(policy(500), 1, () => 0)).toBe(500);
});
