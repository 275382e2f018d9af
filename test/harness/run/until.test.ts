import { expect, test } from "vitest";
import { until } from "../../../harness/run/until.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

function waiting(trueAfter: number, signal = new AbortController().signal) {
  const clock = createVirtualClock(0);
  let asked = 0;
  const work = until(async () => ++asked > trueAfter, {
    withinMs: 1_000,
    everyMs: 100,
    clock,
    signal,
    sentence: () => `not after ${asked} questions`,
  });
  return clock.runUntil(work, 60_000).then(() => clock.monotonicMs());
}

test("it ends as soon as the condition holds", async () => {
  expect(await waiting(0)).toBe(0);
  expect(await waiting(3)).toBe(300);
});

test("at the deadline it fails with the sentence", async () => {
  await expect(waiting(100)).rejects.toMatchObject({
    code: "deadline",
    message: "not after 12 questions",
  });
});

test("it ends with the signal", async () => {
  await expect(waiting(3, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});
