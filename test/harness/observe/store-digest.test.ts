import fc from "fast-check";
import { expect, test } from "vitest";
import {
  canonicalText,
  createStoreDigest,
  digestOfRows,
  sameFingerprint,
} from "../../../harness/observe/store-digest.ts";

type Row = readonly [key: string, value: unknown];

function digestOf(rows: readonly Row[]): string {
  const digest = createStoreDigest();
  for (const [key, value] of rows) digest.add(key, value);
  return digest.text();
}

const rows = fc.array(fc.tuple(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 20 });

test("the order of reading does not count", () => {
  fc.assert(
    fc.property(rows, (all) => {
      expect(digestOf([...all].reverse())).toBe(digestOf(all));
    }),
  );
});

test("one row less, one row twice, one field altered, one key altered: each is another digest", () => {
  fc.assert(
    fc.property(rows, fc.nat(), (all, at) => {
      const place = at % all.length;
      const [key, value] = all[place]!;
      const others = all.filter((_, index) => index !== place);
      const digests = [
        digestOf(all),
        digestOf(others),
        digestOf([...all, [key, value]]),
        digestOf([...others, [key, { altered: value }]]),
        digestOf([...others, [`${key}x`, value]]),
      ];
      expect(new Set(digests).size).toBe(5);
    }),
  );
});

/** JSON.stringify of a copy whose keys were put in by their order; only for names that are no whole numbers. */
function slowText(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) => {
    if (typeof each !== "object" || each === null || Array.isArray(each)) return each;
    const entries = Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries);
  });
}

test("the canonical text is JSON with the keys in order", () => {
  const names = fc.constantFrom("a", "b", "a\nb", "b\na", "", "\n", "ä", '"');
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue({ maxDepth: 0 }),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(names, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(fc.property(values, (value) => canonicalText(value) === slowText(value)));
});

test("names that look alike once they are put together are not taken for each other", () => {
  expect(canonicalText({ "a\nb": 1, c: 2 })).toBe('{"a\\nb":1,"c":2}');
  expect(canonicalText({ a: 1, "b\nc": 2 })).toBe('{"a":1,"b\\nc":2}');
});

test("a row that is there twice does not cancel out", () => {
  expect(
    digestOf([
      ["a", 1],
      ["a", 1],
    ]),
  ).not.toBe(
    digestOf([
      ["b", 1],
      ["b", 1],
    ]),
  );
});

test("the order of a document's keys does not count, that of a list does", () => {
  expect(canonicalText({ b: [1, 2], a: null })).toBe('{"a":null,"b":[1,2]}');
  expect(canonicalText({ b: [2, 1] })).not.toBe(canonicalText({ b: [1, 2] }));
});

test("a part of the rows has the digest that it would have alone, however many were added", () => {
  const digest = createStoreDigest();
  for (let row = 0; row < 10_000; row++) digest.add(`k${row % 5_000}`, row % 2);
  const all = digest.fingerprints();
  const some = digestOfRows(all, (row) => row === 4_100 || row === 9_999);
  expect(some).toBe(
    digestOf([
      ["k4100", 0],
      ["k4999", 1],
    ]),
  );
  expect(digestOfRows(all, () => true)).toBe(digest.text());
  expect(sameFingerprint(all, 0, all, 5_000)).toBe(true);
  expect(sameFingerprint(all, 0, all, 1)).toBe(false);
});
