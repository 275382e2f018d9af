import { expect, test } from "vitest";
import type { Odds } from "../../../harness/simulation/fault-schedule.ts";
import { createGate, noEffects } from "../../../harness/simulation/gate.ts";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { seededRandom } from "../../../harness/simulation/seeded-random.ts";
import { createTrace } from "../../../harness/simulation/trace.ts";

const calm: Odds = { refuse: 0, lose: 0, late: 0, slow: 0, crash: 0, part: 0, forsake: 0 };

/** A gate where one kind of trouble strikes every call, and a call that counts how often it was done. */
function oneGate(odds: Partial<Odds>, options: { mayBeLate?: boolean; healedAtMs?: number } = {}) {
  const clock = createVirtualClock(0);
  const { mayBeLate = true, healedAtMs = 1_000 } = options;
  const schedule = {
    latencyMaxMs: 2,
    odds: { ...calm, ...odds },
    crashesMax: 1,
    troubles: [],
    healedAtMs,
  };
  const effects = noEffects();
  const [random, trace] = [seededRandom(1, 0), createTrace()];
  const over = new AbortController().signal;
  const world = { clock, random, schedule, trace, effects, over };
  const gate = createGate(world, 1);
  let done = 0;
  const call = (): Promise<string> =>
    gate.pass(
      async () => {
        done += 1;
        return "answer";
      },
      {
        refused: () => new Error("refused"),
        unknown: () => new Error("unknown"),
        mayBeLate,
        isDown: () => false,
      },
    );
  return { clock, gate, call, effects, done: () => done };
}

test("a call in calm weather is done once and answered", async () => {
  const { clock, call, done } = oneGate({});
  expect(await clock.runUntil(call(), 100)).toBe("answer");
  expect(done()).toBe(1);
});

test("a refused call is never done", async () => {
  const { clock, call, done, effects } = oneGate({ refuse: 1 });
  await expect(clock.runUntil(call(), 100)).rejects.toThrow("refused");
  expect({ done: done(), refused: effects.refused }).toEqual({ done: 0, refused: 1 });
});

test("a call whose answer is lost is done, and the caller does not know", async () => {
  const { clock, call, done, effects } = oneGate({ lose: 1 });
  await expect(clock.runUntil(call(), 100)).rejects.toThrow("unknown");
  expect({ done: done(), lost: effects.lost }).toEqual({ done: 1, lost: 1 });
});

test("a late call is done after its caller has given up, where the callee may do so", async () => {
  const { clock, call, done } = oneGate({ late: 1 });
  await expect(clock.runUntil(call(), 100)).rejects.toThrow("unknown");
  expect(done()).toBe(0);
  await clock.advance(3_000);
  expect(done()).toBe(1);
  const never = oneGate({ late: 1 }, { mayBeLate: false });
  await expect(never.clock.runUntil(never.call(), 100)).rejects.toThrow("unknown");
  await never.clock.advance(3_000);
  expect(never.done()).toBe(0);
});

test("after a crash nothing comes back, not even the instance's own clock", async () => {
  const { clock, gate, call, effects } = oneGate({ crash: 1 });
  let returned = 0;
  const back = (): void => {
    returned += 1;
  };
  const waiting = [gate.clock.sleep(50), call(), call()];
  for (const each of waiting) each.then(back, back);
  await clock.runUntil(gate.crashed, 100);
  waiting.push(gate.clock.sleep(1), call());
  for (const each of waiting.slice(3)) each.then(back, back);
  await clock.advance(10_000);
  expect({ returned, crashes: effects.crashes }).toEqual({ returned: 0, crashes: 1 });
});

test("once all is healed every call passes", async () => {
  const { clock, call } = oneGate({ crash: 1 }, { healedAtMs: 0 });
  expect(await clock.runUntil(call(), 100)).toBe("answer");
});
