import fc from "fast-check";
import { expect, test } from "vitest";
import { createCommandQueue } from "../../simulator/command-queue.ts";
import { createNumberQueue } from "../../simulator/number-queue.ts";
import { eventAtMs, intendedAtMs } from "../../simulator/schedule.ts";
import { drawFrom, scramble, seedWord } from "../../simulator/scramble.ts";
import { createSendQueue } from "../../simulator/send-queue.ts";
import { parseCommand } from "../../simulator/worker-protocol.ts";

test("a number queue gives back what was pushed, in order, run by run, through any growth", () => {
  const queue = createNumberQueue();
  const model: number[] = [];
  const take = (most: number): void => {
    const [first] = model;
    const alike = model.findIndex((value) => value !== first);
    const run = Math.min(alike < 0 ? model.length : alike, most);
    expect([queue.first(), queue.takeRun(most)]).toEqual([first, run]);
    model.splice(0, run);
  };
  const push = fc.record({
    value: fc.nat(2_000),
    runs: fc.nat(300),
    long: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(push, fc.integer({ min: 1, max: 40 }))), (steps) => {
      for (const step of steps) {
        if (typeof step === "number") {
          for (let i = 0; i < 5 * step && model.length > 0; i++) take(step);
          continue;
        }
        for (let i = 0; i < step.runs * step.long; i++) {
          const value = step.value + Math.floor(i / step.long);
          queue.push(value);
          model.push(value);
        }
      }
    }),
  );
  while (model.length > 0) take(1);
  expect(queue.first()).toBeNaN();
  expect(() => queue.takeRun(1)).toThrow(RangeError);
});

test("a send queue gives out its sends by (sendAt, device, index, copy)", () => {
  const send = fc.tuple(fc.nat(20), fc.nat(5), fc.nat(3), fc.constantFrom(0 as const, 1 as const));
  fc.assert(
    fc.property(fc.array(send, { maxLength: 3000, size: "max" }), (sends) => {
      const queue = createSendQueue();
      for (const each of sends) queue.push(...each);
      const out: (readonly number[])[] = [];
      while (queue.size > 0) {
        const first = [queue.sendAt(), queue.device(), queue.index(), queue.copy()] as const;
        expect(queue.isBefore(...first)).toBe(false);
        expect(queue.isBefore(first[0] + 1, 0, 0, 0)).toBe(true);
        out.push(first);
        queue.drop();
      }
      const sorted = sends.toSorted((a, b) => {
        const differs = a.findIndex((value, i) => value !== b[i]);
        return differs < 0 ? 0 : a[differs]! - b[differs]!;
      });
      expect(out).toEqual(sorted);
    }),
    { numRuns: 20 },
  );
});

test("scramble is a bijection with words of 32 bits, and draws of one word differ", () => {
  const words = new Set(Array.from({ length: 100_000 }, (_, i) => scramble(i)));
  expect(words.size).toBe(100_000);
  expect(Math.max(...[...words].slice(0, 1000))).toBeLessThan(2 ** 32);
  expect(new Set(Array.from({ length: 1000 }, (_, draw) => drawFrom(7, draw))).size).toBe(1000);
});

test("every bit of a seed counts, and none is refused", () => {
  const seeds = Array.from({ length: 53 }, (_, bit) => 2 ** bit);
  const words = [0, -1, Number.MAX_SAFE_INTEGER, ...seeds].map(seedWord);
  expect(new Set(words).size).toBe(words.length);
});

test("event time and wall time are each other's inverse", () => {
  const schedule = { originMs: 1_000_000, startAt: 1_768_435_200_000, timeScale: 46.2964 };
  expect(intendedAtMs(schedule, schedule.startAt)).toBe(1_000_000);
  expect(eventAtMs(schedule, 1_001_000)).toBeCloseTo(schedule.startAt + 46_296.4, 3);
  expect(intendedAtMs(schedule, eventAtMs(schedule, 1_234_567))).toBeCloseTo(1_234_567, 3);
});

test("a command waits until it is asked for, and an aborted queue gives none", async () => {
  const stop = new AbortController();
  const queue = createCommandQueue(stop.signal);
  queue.add({ type: "finish" });
  queue.add({ type: "start", atWallMs: 5 });
  expect(await queue.next("start")).toEqual({ type: "start", atWallMs: 5 });
  expect(await queue.next("cut", "finish")).toEqual({ type: "finish" });
  const asked = queue.next("cut");
  stop.abort();
  expect(await asked).toBeUndefined();
  expect(await queue.next("start")).toBeUndefined();
});

test("those of a type that have come can be taken at once; others stay", async () => {
  const queue = createCommandQueue(new AbortController().signal);
  for (const atEventMs of [1, 2]) queue.add({ type: "cut", atEventMs });
  queue.add({ type: "finish" });
  expect(queue.taken("cut").map(({ atEventMs }) => atEventMs)).toEqual([1, 2]);
  expect(queue.taken("cut")).toEqual([]);
  expect(await queue.next("cut", "finish")).toEqual({ type: "finish" });
});

test("a message that is no command is none", () => {
  expect(parseCommand({ type: "cut", atEventMs: 3 })).toEqual({ type: "cut", atEventMs: 3 });
  for (const message of [undefined, null, "cut", { type: "cut" }, { type: "explode" }, 7]) {
    expect(parseCommand(message)).toBeUndefined();
  }
});
