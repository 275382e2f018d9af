import { expect, test } from "vitest";
import { createHerd, type HerdOutcome } from "../../simulator/herd.ts";

function open() {
  let now = 0;
  const told: HerdOutcome[] = [];
  const clock = { now: () => now, monotonicMs: () => now, sleep: async () => undefined };
  const herd = createHerd(clock, (outcome) => void told.push(outcome));
  return {
    herd,
    told,
    at: (ms: number) => {
      now = ms;
    },
  };
}

test("held for its time, then told of once everything that was due has left", () => {
  const { herd, told, at } = open();
  expect(herd.isHeld(10)).toBe(false);
  herd.hold(1_000);
  at(999);
  expect(herd.isHeld(10)).toBe(true);
  at(1_010);
  expect(herd.isHeld(10)).toBe(false);
  expect(told).toEqual([]);
  at(1_250);
  expect(herd.isHeld(400)).toBe(false);
  herd.poured(510);
  expect(told).toEqual([{ heldMs: 1_010, sends: 500, tookMs: 240 }]);
  herd.poured(600);
  expect(told).toHaveLength(1);
});

test("a second herd begins anew", () => {
  const { herd, told, at } = open();
  herd.hold(100);
  at(100);
  herd.isHeld(0);
  herd.poured(5);
  at(500);
  herd.hold(100);
  expect(herd.isHeld(9)).toBe(true);
  at(650);
  expect(herd.isHeld(9)).toBe(false);
  at(660);
  herd.poured(29);
  expect(told[1]).toEqual({ heldMs: 150, sends: 20, tookMs: 10 });
});
