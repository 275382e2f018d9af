import { expect, test } from "vitest";
import { createPlan, emptyPlannedReading } from "../../simulator/plan.ts";
import { smallOptions, startAt } from "./plan-fixture.ts";

const hour = 3_600_000;
const day = 24 * hour;

test("a room is believable over a year: temperature, humidity and battery stay in their bounds", () => {
  const plan = createPlan({ ...smallOptions, devices: 500 });
  const reading = emptyPlannedReading();
  const bounds = {
    temperature: [1400, 2300],
    target: [1500, 2150],
    humidity: [20, 75],
    battery: [1, 100],
  };
  const outside: unknown[] = [];
  for (let device = 0; device < 500; device++) {
    for (let i = 0; i < 100; i++) {
      plan.fillAt(device, i, startAt + i * (3.65 * day + 17 * 60_000), reading);
      for (const [name, [least, most]] of Object.entries(bounds)) {
        const value = reading[name as keyof typeof bounds];
        if (!(value >= least! && value <= most!)) outside.push({ device, i, name, value });
      }
    }
  }
  expect(outside).toEqual([]);
});

test("the temperature follows the set point, and the battery only drains", () => {
  const plan = createPlan({ ...smallOptions, devices: 50 });
  const reading = emptyPlannedReading();
  for (let device = 0; device < 50; device++) {
    let changes = 0;
    let before = { temperature: 0, target: 0, battery: 101 };
    for (let at = startAt; at < startAt + 2 * day; at += 10 * 60_000) {
      plan.fillAt(device, 0, at, reading);
      expect(reading.battery).toBeLessThanOrEqual(before.battery);
      // One step of ten minutes: less than a quarter of the largest change of set point, and noise.
      if (at > startAt)
        expect(Math.abs(reading.temperature - before.temperature)).toBeLessThan(240);
      if (reading.target !== before.target) changes += 1;
      const { temperature, target, battery } = reading;
      before = { temperature, target, battery };
    }
    expect(changes).toBeGreaterThanOrEqual(4);
  }
});

test("heating is on while a room warms up and off while it cools down", () => {
  const plan = createPlan({ ...smallOptions, devices: 200 });
  const reading = emptyPlannedReading();
  let warming = 0;
  let cooling = 0;
  for (let device = 0; device < 200; device++) {
    for (let at = startAt; at < startAt + day; at += 5 * 60_000) {
      plan.fillAt(device, at, at, reading);
      const missing = reading.target - reading.temperature;
      if (missing > 80) {
        expect(reading.heating).toBe(true);
        warming += 1;
      } else if (missing < -80) {
        expect(reading.heating).toBe(false);
        cooling += 1;
      }
    }
  }
  expect(Math.min(warming, cooling)).toBeGreaterThan(1000);
});

test("devices of one home share its schedule and make", () => {
  const plan = createPlan({ ...smallOptions, devices: 1000 });
  const [a, b] = [emptyPlannedReading(), emptyPlannedReading()];
  let shared = 0;
  for (let device = 1; device < 1000; device += 2) {
    plan.fillAt(device - 1, 0, startAt + 12 * hour, a);
    plan.fillAt(device, 0, startAt + 12 * hour, b);
    const home = (r: typeof a): string =>
      Buffer.from(r.homeBytes.subarray(r.homeStart, r.homeEnd)).toString();
    expect(home(a)).toBe(`h-${String(device - 1).padStart(7, "0")}`);
    if (home(a) !== home(b)) continue;
    shared += 1;
    expect([b.target, b.model]).toEqual([a.target, a.model]);
  }
  expect(shared).toBeGreaterThan(80);
  expect(shared).toBeLessThan(180);
});
