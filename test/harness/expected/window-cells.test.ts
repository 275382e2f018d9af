import fc from "fast-check";
import { expect, test } from "vitest";
import { createWindowCells } from "../../../harness/expected/window-cells.ts";
import { addRow, createTable, rowOf } from "../../../harness/facts/table.ts";
import { windowSpec } from "../../../harness/facts/window-rows.ts";

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const reading = fc.record({ slot: fc.nat(9), temperature: int, hi: word, lo: word });
type Reading = { temperature: number; hi: number; lo: number };

/** The same with everything kept. */
function slowly(readings: readonly Reading[]) {
  const temperatures = readings.map(({ temperature }) => temperature);
  const sumOf = (of: (each: Reading) => number) =>
    Number(readings.reduce((sum, each) => sum + BigInt(of(each)), 0n) % 2n ** 32n);
  return {
    count: readings.length,
    min: readings.length === 0 ? 0 : Math.min(...temperatures),
    max: readings.length === 0 ? 0 : Math.max(...temperatures),
    sum: temperatures.reduce((a, b) => a + b, 0),
    digestHi: sumOf(({ hi }) => hi),
    digestLo: sumOf(({ lo }) => lo),
  };
}

test("each window is the fold of its own readings, however many windows there come to be", () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 60 }), fc.nat(60), (readings, dueAfter) => {
      const cells = createWindowCells(1);
      const into = createTable(windowSpec, 1);
      addRow(into);
      for (let slot = 0; slot < 10; slot++) {
        expect(cells.add()).toBe(slot);
        cells.begin(slot, 100 + slot, 1_000 * slot);
      }
      expect(cells.length()).toBe(10);
      expect(cells.capacity()).toBeGreaterThanOrEqual(10);
      for (const [nth, { slot, temperature, hi, lo }] of readings.entries()) {
        if (nth >= dueAfter) cells.setDue(slot);
        cells.fold(slot, temperature, hi, lo);
      }
      for (let slot = 0; slot < 10; slot++) {
        const own = readings.flatMap((each, nth) => (each.slot === slot ? [{ ...each, nth }] : []));
        cells.copy(slot, into.columns);
        const due = own.map(({ nth }) => nth >= dueAfter);
        // Due before the first reading is not due with any: it is due with the next.
        const firstDue = due.findIndex((isDue, nth) => isDue && nth > 0);
        expect(cells.countOf(slot)).toBe(own.length);
        expect(cells.windowOf(slot)).toBe(1_000 * slot);
        const rest = { device: 100 + slot, window: 1_000 * slot, firstDue: Math.max(0, firstDue) };
        expect(rowOf(into, 0)).toMatchObject({ ...slowly(own), ...rest });
      }
    }),
  );
});

test("a slot that is used again keeps nothing of the window before", () => {
  const cells = createWindowCells(2);
  const into = createTable(windowSpec, 1);
  addRow(into);
  cells.begin(cells.add(), 7, 60_000);
  cells.fold(0, -5, 1, 2);
  cells.setDue(0);
  cells.begin(0, 8, 120_000);
  cells.copy(0, into.columns);
  const none = { count: 0, min: 0, max: 0, sum: 0, digestHi: 0, digestLo: 0, firstDue: 0 };
  expect(rowOf(into, 0)).toMatchObject({ ...none, device: 8, window: 120_000 });
});
