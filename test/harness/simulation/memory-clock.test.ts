import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";

test("time stands still until it is moved", async () => {
  const clock = createVirtualClock(1_000);
  await clock.settle();
  expect(clock.now()).toBe(1_000);
  await clock.advance(250);
  expect(clock.now()).toBe(1_250);
  expect(clock.monotonicMs()).toBe(250);
});

test("sleepers wake by due time, and at the same time in the order in which they fell asleep", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 20 }), async (delays) => {
      const clock = createVirtualClock(0);
      const woken: number[] = [];
      delays.forEach((ms, index) => {
        void clock.sleep(ms).then(() => woken.push(index));
      });
      await clock.runUntilIdle(10);
      const expected = delays
        .map((ms, index) => ({ ms, index }))
        .sort((a, b) => a.ms - b.ms || a.index - b.index)
        .map(({ index }) => index);
      expect(woken).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("what a sleeper starts is over before the next sleeper wakes, however many awaits it takes", async () => {
  const clock = createVirtualClock(0);
  const events: string[] = [];
  const work = async (name: string, ms: number, awaits: number): Promise<void> => {
    await clock.sleep(ms);
    for (let i = 0; i < awaits; i += 1) await Promise.resolve();
    events.push(`${name} at ${clock.monotonicMs()}`);
  };
  void work("long chain", 1, 1_000);
  void work("short chain", 2, 0);
  await clock.advance(5);
  expect(events).toEqual(["long chain at 1", "short chain at 2"]);
});

test("an aborted sleep rejects with the signal's reason and sleeps no more", async () => {
  const clock = createVirtualClock(0);
  const stop = new AbortController();
  const sleep = clock.sleep(1_000, stop.signal);
  const reason = new Error("enough");
  stop.abort(reason);
  await expect(sleep).rejects.toBe(reason);
  await expect(clock.sleep(1, stop.signal)).rejects.toBe(reason);
  expect(await clock.step()).toBe(false);
});

test("work that sleeps again and again is run to its end, at its own time", async () => {
  const clock = createVirtualClock(0);
  const work = async (): Promise<number> => {
    for (let i = 0; i < 10; i += 1) await clock.sleep(100);
    return clock.monotonicMs();
  };
  expect(await clock.runUntil(work(), 60_000)).toBe(1_000);
});

test("a world that hangs is told from one that goes on for ever", async () => {
  const clock = createVirtualClock(0);
  const never = new Promise<void>(() => {});
  await expect(clock.runUntil(never, 1_000)).rejects.toMatchObject({ code: "stuck" });
  const beat = async (): Promise<void> => {
    for (;;) await clock.sleep(100);
  };
  void beat();
  await expect(clock.runUntil(never, 1_000)).rejects.toMatchObject({ code: "past-limit" });
  await expect(clock.runUntilIdle(1_000)).rejects.toMatchObject({ code: "past-limit" });
});

test("who is due at the same time comes in the order of the ranks that are drawn", async () => {
  const ranks = [2, 0, 1, 0];
  const clock = createVirtualClock(0, () => ranks.shift() ?? 0);
  const woken: string[] = [];
  clock.after(5, () => woken.push("late in rank"));
  clock.after(5, () => woken.push("first"));
  clock.after(5, () => woken.push("between"));
  clock.after(1, () => woken.push("earlier"));
  await clock.runUntilIdle(10);
  expect(woken).toEqual(["earlier", "first", "between", "late in rank"]);
});

test("what is taken back does not happen", async () => {
  const clock = createVirtualClock(0);
  let happened = 0;
  const cancel = clock.after(5, () => {
    happened += 1;
  });
  cancel();
  cancel();
  await clock.advance(10);
  expect(happened).toBe(0);
});
