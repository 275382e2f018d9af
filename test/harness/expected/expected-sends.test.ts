import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createExpectedSends,
  type ExpectedSends,
  isBefore,
  type Send,
} from "../../../harness/expected/expected-sends.ts";
import { closingReadings } from "../../../simulator/closing.ts";
import { at, honestLog, loadEnd, options, plan } from "../checks/history.ts";

const log = honestLog[0]!;
const closings = closingReadings(plan, 0, loadEnd).length;

function rest(sends: ExpectedSends): Send[] {
  const all: Send[] = [];
  for (; sends.has(); sends.advance()) all.push(sends.next());
  return all;
}
function cutFrom(cutAt: number): Send[] {
  const sends = createExpectedSends(plan, 0);
  sends.cut(cutAt);
  return rest(sends);
}

test("the plan's sends come in their order, with their bytes, and the closing ones behind them", () => {
  const sends = createExpectedSends(plan, 0);
  sends.cut(loadEnd);
  for (const [position, record] of log.entries()) {
    expect(sends.has()).toBe(true);
    expect(sends.position()).toBe(position);
    expect(sends.matches(at(record, 0))).toBe(true);
    const { device, index, copy, fate } = record;
    const closing = position >= log.length - closings;
    expect(sends.next()).toMatchObject({ position, device, index, copy, fate, closing });
    expect(sends.reading().fate).toBe(fate);
    sends.advance();
  }
  expect(sends.has()).toBe(false);
  expect(closings).toBeGreaterThan(0);
});

test("what follows the load is not known before its end is", () => {
  const sends = createExpectedSends(plan, 0);
  expect(rest(sends)).toHaveLength(log.length - closings);
  expect([sends.has(), sends.cutKnown()]).toEqual([false, false]);
  sends.cut(loadEnd);
  expect(sends.cutKnown()).toBe(true);
  const last = rest(sends);
  expect(last).toHaveLength(closings);
  expect(last.every(({ closing }) => closing)).toBe(true);
});

test("an end that is told late takes off what was generated already, wherever the log stands", () => {
  fc.assert(
    fc.property(fc.nat(log.length - closings - 1), fc.nat(60_000), (many, later) => {
      const sends = createExpectedSends(plan, 0);
      for (let k = 0; k < many; k++) {
        sends.has();
        sends.advance();
      }
      sends.has();
      const cutAt = Math.min(loadEnd, sends.lastSentAt() + 1 + later);
      sends.cut(cutAt);
      // The end is told once; what is said after it does not count.
      sends.cut(options.startAt);
      expect(rest(sends)).toEqual(cutFrom(cutAt).slice(many));
    }),
    { numRuns: 30 },
  );
});

test("an end before all sends, and one at a send's own time, leave closing readings and nothing else", () => {
  const [first] = cutFrom(loadEnd);
  for (const cutAt of [options.startAt, first!.sendAt]) {
    expect(cutFrom(cutAt).every(({ closing }) => closing)).toBe(true);
    const told = createExpectedSends(plan, 0);
    told.has();
    told.cut(cutAt);
    expect(rest(told)).toEqual(cutFrom(cutAt));
  }
  expect(cutFrom(first!.sendAt + 1).filter(({ closing }) => !closing)).toEqual([first]);
});

test("the time of the last send that was passed is that of the load's start before the first", () => {
  const sends = createExpectedSends(plan, 0);
  expect(sends.lastSentAt()).toBe(options.startAt);
  for (let k = 0; k < 3; k++) {
    sends.has();
    const { sendAt } = sends.next();
    sends.advance();
    expect(sends.lastSentAt()).toBe(sendAt);
  }
});

test("a record matches by each of its bytes, and by where its key ends", () => {
  const sends = createExpectedSends(plan, 0);
  sends.has();
  const { key, value } = log[0]!;
  const matches = (k: Uint8Array | null, v: Uint8Array | null) =>
    sends.matches(at({ key: k, value: v }, 0));
  expect(matches(key, value)).toBe(true);
  const bent = (bytes: Uint8Array, place: number) => bytes.with(place, bytes.at(place)! ^ 1);
  for (const place of key!.keys()) expect(matches(bent(key!, place), value)).toBe(false);
  for (const place of value!.keys()) expect(matches(key, bent(value!, place))).toBe(false);
  const joined = Buffer.concat([key!, value!]);
  const split = (middle: number) => matches(joined.subarray(0, middle), joined.subarray(middle));
  expect(split(key!.length)).toBe(true);
  expect([split(key!.length - 1), split(key!.length + 1)]).toEqual([false, false]);
  expect(matches(key, value!.slice(0, -1))).toBe(false);
  expect(matches(key, Buffer.concat([value!, Buffer.from("x")]))).toBe(false);
  expect([matches(null, value), matches(key, null)]).toEqual([false, false]);
  // The same bytes elsewhere in a batch.
  const { bytes, ...places } = at(log[0]!, 0);
  const moved = Object.fromEntries(Object.entries(places).map(([name, n]) => [name, n + 5]));
  const whole = { ...at(log[0]!, 0), ...moved, bytes: Buffer.concat([Buffer.alloc(5), bytes]) };
  expect(sends.matches(whole)).toBe(true);
});

test("sends are ordered by time, then device, then index, then copy", () => {
  const order = [
    { sendAt: 1, device: 5, index: 5, copy: 1 },
    { sendAt: 2, device: 3, index: 9, copy: 1 },
    { sendAt: 2, device: 4, index: 1, copy: 1 },
    { sendAt: 2, device: 4, index: 2, copy: 0 },
    { sendAt: 2, device: 4, index: 2, copy: 1 },
  ];
  for (const [i, a] of order.entries()) {
    for (const [j, b] of order.entries()) expect(isBefore(a, b)).toBe(i < j);
  }
});
