import fc from "fast-check";
import { expect, test } from "vitest";
import { createSeenSeqs } from "../../../pipeline/aggregator/dedupe.ts";
import { beginSeen, markInWindow } from "../../../pipeline/aggregator/window-seen.ts";
import { addWindow, createWindowStore } from "../../../pipeline/aggregator/window-store.ts";

const span = 64;
/** Mostly near each other, some far away. */
const seq = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.nat(0x7fffffff));
const ids = fc.array(fc.record({ boot: fc.nat(3), seq }), { minLength: 1, maxLength: 150 });

test("verdicts are those of plain sets, a bitmap and sixteen numbers for every boot", () => {
  fc.assert(
    fc.property(fc.array(ids, { minLength: 1, maxLength: 5 }), (all) => {
      const windows = createWindowStore(span);
      const seen = createSeenSeqs(span);
      for (const each of all) {
        const window = addWindow(windows, 0, 0, -1);
        beginSeen(windows, window, each[0]!.boot, each[0]!.seq - span / 2);
        const model = new Map<number, { first: number; inside: Set<number>; far: Set<number> }>();
        for (const { boot, seq } of each) {
          const known = model.get(boot) ?? { first: seq, inside: new Set(), far: new Set() };
          model.set(boot, known);
          const isInside = seq >= known.first - span / 2 && seq < known.first + span / 2;
          const set = isInside ? known.inside : known.far;
          const full = !isInside && set.size === 16;
          const wanted = set.has(seq) ? "duplicate" : full ? "span" : "new";
          expect(markInWindow(windows, seen, window, boot, seq)).toBe(wanted);
          if (wanted === "new") set.add(seq);
        }
      }
    }),
  );
});

test("a window of one boot, its numbers close together, takes nothing beside its row", () => {
  const windows = createWindowStore(span);
  const seen = createSeenSeqs(span);
  const window = addWindow(windows, 0, 0, -1);
  beginSeen(windows, window, 7, 1000 - span / 2);
  for (let seq = 968; seq < 1032; seq++) {
    expect(markInWindow(windows, seen, window, 7, seq)).toBe("new");
    expect(markInWindow(windows, seen, window, 7, seq)).toBe("duplicate");
  }
  expect(seen.used).toBe(0);
  expect(markInWindow(windows, seen, window, 7, 1032)).toBe("new");
  expect(seen.used).toBe(1);
});
