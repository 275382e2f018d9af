import fc from "fast-check";
import { expect, test } from "vitest";
import { type Totals, type Windows, windowsDiffer } from "./compare-windows.ts";

const minute = 60_000;
const totals = fc.record({
  count: fc.nat(),
  min: fc.integer(),
  max: fc.integer(),
  sum: fc.integer(),
});
/** One window at least, at minutes 0 to 9. */
const windows = fc.array(fc.tuple(fc.nat(9), fc.stringMatching(/^t-[0-9]$/), totals), {
  minLength: 1,
});

function windowsOf(all: readonly (readonly [number, string, Totals])[]): Windows {
  const byStart = new Map<number, Map<string, Totals>>();
  for (const [at, device, each] of all) {
    const start = at * minute;
    const devices = byStart.get(start) ?? new Map<string, Totals>();
    byStart.set(start, devices.set(device, each));
  }
  return byStart;
}

test("equal windows do not differ, in whatever order they came", () => {
  fc.assert(
    fc.property(windows, (all) => {
      const one = windowsOf(all);
      const other = new Map([...one].toReversed());
      expect(windowsDiffer(one, other, 10 * minute)).toBeUndefined();
    }),
  );
});

test("one figure that differs in one window is found, whoever has it wrong", () => {
  const figure = fc.constantFrom("count", "min", "max", "sum");
  fc.assert(
    fc.property(windows, fc.nat(), figure, (all, at, wrong) => {
      const right = windowsOf(all);
      const flat = [...right].flatMap(([start, devices]) =>
        [...devices].map(([device, each]) => [start / minute, device, each] as const),
      );
      const planted = flat.map(([start, device, each], index) => {
        const changed = index === at % flat.length ? { ...each, [wrong]: each[wrong] + 1 } : each;
        return [start, device, changed] as const;
      });
      expect(windowsDiffer(right, windowsOf(planted), 0)).toMatch(/^window /);
      expect(windowsDiffer(windowsOf(planted), right, 0)).toMatch(/^window /);
    }),
  );
});

test("a final window that one side lacks is found; one that may still come is not missed", () => {
  const each = { count: 1, min: 2, max: 2, sum: 2 };
  const both = windowsOf([
    [0, "t-1", each],
    [5, "t-1", each],
  ]);
  const one = windowsOf([[5, "t-1", each]]);
  const why = "window 1970-01-01T00:00:00.000Z of t-1 is";
  expect(windowsDiffer(both, one, minute)).toBe(
    `${why} ${JSON.stringify(each)} here, nothing there`,
  );
  expect(windowsDiffer(one, both, minute)).toBe(
    `${why} nothing here, ${JSON.stringify(each)} there`,
  );
  expect(windowsDiffer(both, one, 0)).toBeUndefined();
});

test("nothing in common is no agreement", () => {
  expect(windowsDiffer(new Map(), new Map(), minute)).toBe("there is no window to compare");
});
