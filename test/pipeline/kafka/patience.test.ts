import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { ask } from "../../../pipeline/kafka/patience.ts";

test("it asks again with waits that double up to a limit, until the answer comes", async () => {
  const clock = createVirtualClock(0);
  const askedAtMs: number[] = [];
  const patience = { clock, forMs: 10_000, firstWaitMs: 10, maxWaitMs: 35 };
  const answer = ask(patience, async () => {
    askedAtMs.push(clock.monotonicMs());
    return askedAtMs.length < 5 ? { again: new Error("not yet") } : { answer: 42 };
  });
  expect(await clock.runUntil(answer, 10_000)).toBe(42);
  expect(askedAtMs).toEqual([0, 10, 30, 65, 100]);
});

test("when time is up, the last refusal is the error", async () => {
  const clock = createVirtualClock(0);
  let asked = 0;
  const answer = ask({ clock, forMs: 100, firstWaitMs: 40, maxWaitMs: 40 }, async () => {
    asked += 1;
    return { again: new Error(`refusal ${asked}`) };
  });
  const judged = expect(answer).rejects.toThrow("refusal 3");
  await clock.runUntilIdle(1_000);
  await judged;
});

test("an abort ends the wait with its reason", async () => {
  const clock = createVirtualClock(0);
  const stop = new AbortController();
  const patience = { clock, forMs: 1_000, firstWaitMs: 500, maxWaitMs: 500, signal: stop.signal };
  const answer = ask(patience, async () => ({ again: new Error("not yet") }));
  await clock.settle();
  const reason = new Error("enough");
  stop.abort(reason);
  await expect(answer).rejects.toBe(reason);
});
