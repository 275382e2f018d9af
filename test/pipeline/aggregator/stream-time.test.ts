import { expect, test } from "vitest";
import {
  createStreamTime,
  observe,
  type StreamTime,
} from "../../../pipeline/aggregator/stream-time.ts";

function see(time: StreamTime, device: string, at: number): number {
  const bytes = Buffer.from(`.${device}.`);
  observe(time, at, bytes, 1, bytes.length - 1);
  return time.value;
}

const year2038 = 2_147_483_647_000;

test("it does not exist until three distinct devices have been seen", () => {
  const time = createStreamTime(3);
  expect(see(time, "a", 10)).toBeNaN();
  expect(see(time, "a", 90)).toBeNaN();
  expect(see(time, "b", 50)).toBeNaN();
  expect(see(time, "a", 99)).toBeNaN();
  expect(see(time, "c", 20)).toBe(20);
});

test("it is the third-highest `at` of distinct devices", () => {
  const time = createStreamTime(3);
  for (const [device, at] of [
    ["a", 10],
    ["b", 50],
    ["c", 20],
    ["d", 40],
  ] as const) {
    see(time, device, at);
  }
  expect(time.value).toBe(20);
  expect(see(time, "a", 60)).toBe(40);
  expect(see(time, "a", 70)).toBe(40);
  expect(see(time, "d", 55)).toBe(50);
});

test("two devices that believe it is 2038 move nothing; the third would", () => {
  const time = createStreamTime(3);
  for (const device of ["a", "b", "c"]) see(time, device, 100);
  expect(see(time, "x", year2038)).toBe(100);
  expect(see(time, "y", year2038)).toBe(100);
  // Their neighbours go on: with two leaders stuck in 2038 the best of the others is the third.
  expect(see(time, "a", 110)).toBe(110);
  expect(see(time, "z", year2038)).toBe(year2038);
});

test("it never goes back", () => {
  const time = createStreamTime(3);
  for (const device of ["a", "b", "c"]) see(time, device, 100);
  expect(see(time, "a", 5)).toBe(100);
  expect(see(time, "d", 7)).toBe(100);
});

test("after 1,000 readings fewer devices than three will do: the lowest of those there are", () => {
  const time = createStreamTime(3);
  for (let i = 0; i < 998; i++) see(time, "a", i);
  expect(see(time, "b", 500)).toBeNaN();
  expect(see(time, "a", 2000)).toBe(500);
  expect(see(time, "b", 600)).toBe(600);
  // A third device that is behind does not take it back.
  expect(see(time, "c", 10)).toBe(600);
  expect(see(time, "c", 700)).toBe(600);
  expect(see(time, "b", 800)).toBe(700);
});

test("a single device closes its own windows after 1,000 readings", () => {
  const time = createStreamTime(3);
  for (let i = 1; i < 1000; i++) expect(see(time, "a", i)).toBeNaN();
  expect(see(time, "a", 1000)).toBe(1000);
});
