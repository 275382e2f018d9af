import fc from "fast-check";
import { expect, test } from "vitest";
import { createStreamTime } from "../../../harness/expected/stream-time.ts";

/** The rule of the contract, with everything kept: the quorum-th highest of the devices' own highest. */
function slowly(quorum: number, seen: readonly (readonly [number, number])[]): number | undefined {
  const highest = new Map<number, number>();
  let time: number | undefined;
  for (const [index, [device, at]] of seen.entries()) {
    highest.set(device, Math.max(highest.get(device) ?? Number.NEGATIVE_INFINITY, at));
    const ranks = [...highest.values()].sort((a, b) => b - a).slice(0, quorum);
    if (ranks.length < quorum && index + 1 < 1000) continue;
    time = Math.max(time ?? Number.NEGATIVE_INFINITY, ranks.at(-1)!);
  }
  return time;
}

const readings = fc.array(fc.tuple(fc.nat(5), fc.integer({ min: -50, max: 50 })));

test("stream time is the quorum's lowest highest `at`, and never goes back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), readings, (quorum, seen) => {
      const stream = createStreamTime(quorum);
      for (const [index, [device, at]] of seen.entries()) {
        stream.see(device, at);
        expect(stream.now()).toBe(slowly(quorum, seen.slice(0, index + 1)));
      }
    }),
  );
});

test("two devices that believe it is 2038 do not move it", () => {
  const stream = createStreamTime(3);
  for (const device of [1, 2, 3]) stream.see(device, 1000 + device);
  stream.see(8, 2_147_483_647_000);
  stream.see(9, 2_147_483_647_000);
  expect(stream.now()).toBe(1003);
});

test("without a quorum it begins to exist with the thousandth reading", () => {
  const stream = createStreamTime(3);
  for (let i = 0; i < 999; i++) stream.see(i % 2, i);
  expect(stream.now()).toBeUndefined();
  stream.see(0, 10);
  expect(stream.now()).toBe(997);
});

test("a device that comes after the thousandth reading takes its rank, and time still never goes back", () => {
  const early = Array.from({ length: 1_000 }, (_, i): [number, number] => [i % 2, 0]);
  fc.assert(
    fc.property(readings, (late) => {
      const stream = createStreamTime(3);
      const seen = [...early];
      for (const [device, at] of early) stream.see(device, at);
      for (const reading of late) {
        seen.push(reading);
        stream.see(...reading);
        expect(stream.now()).toBe(slowly(3, seen));
      }
    }),
    { numRuns: 20 },
  );
});

test("such a device holds time back, however low its time is", () => {
  const stream = createStreamTime(3);
  for (let i = 0; i < 1_000; i++) stream.see(i % 2, 0);
  stream.see(2, -5);
  stream.see(0, 10);
  stream.see(1, 20);
  expect(stream.now()).toBe(0);
  stream.see(2, 15);
  expect(stream.now()).toBe(10);
});
