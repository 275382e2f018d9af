import { expect, test } from "vitest";
import { createOpenWindows } from "../../../harness/expected/open-windows.ts";
import { options, plan } from "../checks/history.ts";

const { sizeMs } = options.window;
const holdMs = 120_000;
const first = Math.floor(options.startAt / sizeMs) * sizeMs;
const startOf = (nth: number) => first + nth * sizeMs;
const devices = plan.devicesOf(0);
const foreign = plan.allDevices + 3;

/** Windows as they were put: the slot is the place in the list. */
function opened(windows: readonly (readonly [device: number, nth: number])[]) {
  const open = createOpenWindows(plan, holdMs, (slot) => startOf(windows[slot]![1]));
  for (const [slot, [device, nth]] of windows.entries()) open.put(device, 0, startOf(nth), slot);
  const taken = (streamTime: number) => {
    const slots: number[] = [];
    open.takeUntil(0, streamTime, (slot) => slots.push(slot));
    return slots;
  };
  const isOpen = (slot: number) => {
    const [device, nth] = windows[slot]!;
    return open.slotOf(device, 0, startOf(nth)) === slot;
  };
  return { open, taken, isOpen };
}

test("a window lies at its slot until it is taken: of the fleet or not, near or far", () => {
  const windows = [
    [devices[0]!, 0],
    [devices[0]!, 1],
    [devices[1]!, 0],
    [devices[0]!, 500],
    [devices[0]!, -4],
    [foreign, 0],
    // A device that the plan sees in the other partition.
    [plan.devicesOf(1)[0]!, 1],
  ] as const;
  const { open, isOpen, taken } = opened(windows);
  expect(windows.map((_, slot) => isOpen(slot))).toEqual(windows.map(() => true));
  expect(open.slotOf(devices[1]!, 0, startOf(1))).toBe(-1);
  expect(open.slotOf(devices[0]!, 0, startOf(2))).toBe(-1);
  expect(open.slotOf(foreign, 0, startOf(1))).toBe(-1);
  expect(taken(Number.POSITIVE_INFINITY).sort()).toEqual(windows.map((_, slot) => slot));
  expect(windows.map((_, slot) => isOpen(slot))).toEqual(windows.map(() => false));
});

test("windows are taken when their end and the hold have passed, earlier ones first, and once", () => {
  const windows = [2, 0, 1, 3].map((nth) => [devices[0]!, nth] as const);
  const { open, taken } = opened(windows);
  const endOf = (nth: number) => startOf(nth + 1) + holdMs;
  expect(open.closeAt(0)).toBe(endOf(0));
  expect(taken(endOf(0) - 1)).toEqual([]);
  expect(taken(endOf(0))).toEqual([1]);
  expect(open.closeAt(0)).toBe(endOf(1));
  expect(taken(endOf(2))).toEqual([2, 0]);
  expect(open.closeAt(0)).toBe(endOf(3));
  expect(taken(endOf(2))).toEqual([]);
  expect(taken(endOf(9))).toEqual([3]);
  expect(open.closeAt(0)).toBe(endOf(10));
  expect(open.closeAt(1)).toBe(endOf(0));
});

test("what is not in the plan is taken by the same rule", () => {
  const windows = [2, 0].map((nth) => [foreign, nth] as const);
  const { taken } = opened(windows);
  expect(taken(startOf(1) + holdMs - 1)).toEqual([]);
  expect(taken(startOf(1) + holdMs)).toEqual([1]);
  expect(taken(startOf(3) + holdMs)).toEqual([0]);
});

test("places are used again, for as long as a run goes", () => {
  for (let nth = 0; nth < 300; nth += 7) {
    const { open, taken } = opened([]);
    taken(startOf(nth) + holdMs);
    for (const [slot, device] of [...devices].entries()) {
      for (const ahead of [0, 1, 5]) open.put(device, 0, startOf(nth + ahead), slot * 10 + ahead);
    }
    for (const [slot, device] of [...devices].entries()) {
      for (const ahead of [0, 1, 5]) {
        expect(open.slotOf(device, 0, startOf(nth + ahead))).toBe(slot * 10 + ahead);
      }
      expect(open.slotOf(device, 0, startOf(nth + 2))).toBe(-1);
    }
  }
});
