import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compareWindow,
  type FoundWindow,
  type WindowFault,
} from "../../../harness/checks/compare-window.ts";
import type { WindowState } from "../../../harness/checks/expected-state.ts";
import { digestText } from "../../../harness/facts/digest-text.ts";

const windowEnd = 60_000;
const want: WindowState = {
  ...{ count: 4, sum: 840_000, min: 190_000, max: 230_000, digestHi: 5, digestLo: 6 },
};
/** The state with three of the four members. */
const before: WindowState = {
  ...{ count: 3, sum: 610_000, min: 190_000, max: 220_000, digestHi: 7, digestLo: 8 },
};
const right: FoundWindow = {
  ...{ count: 4, sum: 840_000, digestHi: 5, digestLo: 6, digestOk: true },
  ...{ min: 1_900, max: 2_300, mean: 2_100, revision: 4, version: 60_000_004 },
};

/** The ledger has a state for 3 and for 5 members, too. */
const states = {
  final: () => want,
  at: (_: number, k: number) => [before, want, { ...want, count: 5, digestHi: 9 }][k - 3],
};
const place = { row: 0, device: 1, name: "d", window: 0, windowEnd };

function compared(bent: Partial<FoundWindow>): WindowFault | undefined {
  return compareWindow(states, () => undefined, place, want, { ...right, ...bent });
}

test("the window itself is right, also where a place has only some of the fields", () => {
  expect(compared({})).toBeUndefined();
  for (const name of ["min", "max", "mean", "revision", "version"] as const) {
    expect(compared({ [name]: Number.NaN })).toBeUndefined();
  }
});

test("a field that is off is named, with what was expected and what stood there", () => {
  const off = ["min", "max", "mean", "revision", "version"] as const;
  for (const name of off) {
    const found = { ...right, [name]: right[name] + 1 };
    expect(compared(found)).toEqual({
      kind: name === "revision" || name === "version" ? "wrong-aggregate" : "corrupt",
      expected: `count 4, sum 840000, min 1900, max 2300, digest ${digestText(5, 6)}`,
      found:
        `count 4, sum 840000, min ${found.min}, max ${found.max}, ` +
        `digest ${digestText(5, 6)} (wrong: ${name})`,
    });
  }
});

test("a millionth of a degree is rounding, of what is small and of what is great; more is corrupt", () => {
  for (const name of ["min", "max", "mean"] as const) {
    const limit = right[name] * 1e-6;
    expect(compared({ [name]: right[name] + limit * 0.9 })?.kind).toBe("wrong-aggregate");
    expect(compared({ [name]: right[name] + limit * 1.1 })?.kind).toBe("corrupt");
  }
  expect(compared({ sum: 840_000.5 })?.kind).toBe("wrong-aggregate");
  expect(compared({ sum: 840_001 })?.kind).toBe("corrupt");
  const cold = { ...want, min: 10 };
  const found = (min: number) =>
    compareWindow(states, () => undefined, place, cold, { ...right, min })?.kind;
  expect(found(0.1 + 0.9e-6)).toBe("wrong-aggregate");
  expect(found(0.1 + 1.1e-6)).toBe("corrupt");
});

test("either half of a digest that is off makes other members, and so does none", () => {
  expect(compared({ digestHi: 4 })?.kind).toBe("masked");
  expect(compared({ digestLo: 4 })?.kind).toBe("masked");
  const none = compared({ digestOk: false });
  expect(none?.kind).toBe("masked");
  expect(none?.found).toContain("digest none (wrong: digest)");
});

test("an earlier state is stale; one that only has its count, or half of its digest, is wrong", () => {
  const stale = { count: 3, sum: 610_000, digestHi: 7, digestLo: 8 };
  expect(compared(stale)?.kind).toBe("stale-final");
  expect(compared({ ...stale, digestHi: 1 })?.kind).toBe("wrong-aggregate");
  expect(compared({ ...stale, digestLo: 1 })?.kind).toBe("wrong-aggregate");
});

test("a state of more members than there are is ahead, not stale", () => {
  expect(compared({ count: 5, digestHi: 9 })?.kind).toBe("wrong-aggregate");
});

test("whatever fields differ, all of them are listed in their order, and none else", () => {
  const names = ["count", "sum", "min", "max", "mean", "revision", "version"] as const;
  fc.assert(
    fc.property(fc.subarray([...names], { minLength: 1 }), (off) => {
      const bent = Object.fromEntries(off.map((name) => [name, right[name] + 7_000]));
      expect(compared(bent)?.found).toMatch(new RegExp(`\\(wrong: ${off.join(", ")}\\)$`));
    }),
  );
});

test("a culprit that the solver knows is named: the dropped one before the added one", () => {
  const dropped = [{ boot: 0, seq: 4 }];
  const added = [{ boot: 2, seq: 9 }];
  const bent = { ...right, digestHi: 1 };
  const name = (fault: { dropped: typeof dropped; added: typeof added }) =>
    compareWindow(states, () => fault, place, want, bent);
  expect(name({ dropped, added })).toMatchObject({ kind: "masked", boot: 0, seq: 4 });
  expect(name({ dropped: [], added })).toMatchObject({ kind: "masked", boot: 2, seq: 9 });
  expect(name({ dropped: [], added })?.found).toMatch(/: with boot 2 seq 9 once too often$/);
});
