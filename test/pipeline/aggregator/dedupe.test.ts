import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addBoot,
  createSeenSeqs,
  findBoot,
  freeBoots,
  mark,
  type SeenSeqs,
} from "../../../pipeline/aggregator/dedupe.ts";
import { noEntry } from "../../../pipeline/aggregator/growth.ts";

/** A boot whose first accepted seq is `first`. */
function bootAt(first: number, span = 64): { seen: SeenSeqs; entry: number } {
  const seen = createSeenSeqs(span);
  const entry = addBoot(seen, noEntry, 0, first);
  expect(mark(seen, entry, first)).toBe("new");
  return { seen, entry };
}

test("the bitmap reaches from first − span/2 to first + span/2, without its end", () => {
  const { seen, entry } = bootAt(1000);
  for (const seq of [968, 1031]) {
    expect(mark(seen, entry, seq)).toBe("new");
    expect(mark(seen, entry, seq)).toBe("duplicate");
  }
  expect(seen.spillsUsed).toBe(0);
  for (const seq of [967, 1032]) expect(mark(seen, entry, seq)).toBe("new");
  expect(seen.spillsUsed).toBeGreaterThan(0);
});

test("sixteen seqs outside the bitmap are kept exactly, a seventeenth distinct one is refused", () => {
  const { seen, entry } = bootAt(0);
  const outside = Array.from({ length: 16 }, (_, i) => 1_000_000 + i * 1000);
  for (const seq of outside) expect(mark(seen, entry, seq)).toBe("new");
  for (const seq of outside) expect(mark(seen, entry, seq)).toBe("duplicate");
  expect(mark(seen, entry, 0x7fffffff)).toBe("span");
  expect(mark(seen, entry, 0x7fffffff)).toBe("span");
  expect(mark(seen, entry, 1)).toBe("new");
});

test("one wild seq allocates nothing to speak of", () => {
  const { seen, entry } = bootAt(0);
  mark(seen, entry, 0x7fffffff);
  expect(seen.bits.length + seen.spills.length).toBeLessThan(1000);
});

test("boots of one window are told apart", () => {
  const { seen, entry } = bootAt(5);
  const other = addBoot(seen, entry, 7, 5);
  expect(findBoot(seen, other, 7)).toBe(other);
  expect(findBoot(seen, other, 0)).toBe(entry);
  expect(findBoot(seen, other, 1)).toBe(noEntry);
  expect(mark(seen, other, 5)).toBe("new");
  expect(mark(seen, entry, 5)).toBe("duplicate");
});

test("verdicts are those of plain sets, and places given back begin empty", () => {
  const seq = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.nat(0x7fffffff));
  const lives = fc.array(fc.array(seq, { minLength: 1, maxLength: 60 }), { maxLength: 100 });
  fc.assert(
    fc.property(fc.constantFrom(64, 128), lives, (span, all) => {
      const seen = createSeenSeqs(span);
      for (const seqs of all) {
        const entry = addBoot(seen, noEntry, 0, seqs[0]!);
        const [inside, outside] = [new Set<number>(), new Set<number>()];
        for (const each of seqs) {
          const isInside = each >= seqs[0]! - span / 2 && each < seqs[0]! + span / 2;
          const set = isInside ? inside : outside;
          const full = !isInside && outside.size === 16;
          const wanted = set.has(each) ? "duplicate" : full ? "span" : "new";
          expect(mark(seen, entry, each)).toBe(wanted);
          if (wanted === "new") set.add(each);
        }
        if (seqs.length % 3 > 0) freeBoots(seen, entry);
      }
    }),
  );
});
