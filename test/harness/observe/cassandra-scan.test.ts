import { types } from "cassandra-driver";
import fc from "fast-check";
import { expect, test } from "vitest";
import { plainValue, tokenRanges } from "../../../harness/observe/cassandra-scan.ts";

test("token ranges cover the whole ring once, however many there are", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (parts) => {
      const ranges = tokenRanges(parts);
      expect(ranges[0]?.first).toBe(-(2n ** 63n));
      expect(ranges.at(-1)?.last).toBe(2n ** 63n - 1n);
      ranges.slice(1).forEach(({ first }, index) => {
        expect(first).toBe(ranges[index]!.last + 1n);
      });
    }),
  );
});

test("64-bit integers become their own text, however large", () => {
  const most = 2n ** 63n - 1n;
  const edges = [0n, -1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, most];
  const textOf = (value: bigint) => plainValue(types.Long.fromString(`${value}`));
  for (const value of [...edges, -most - 1n]) expect(textOf(value)).toBe(`${value}`);
  fc.assert(
    fc.property(fc.bigInt({ min: -most - 1n, max: most }), (value) => {
      expect(textOf(value)).toBe(`${value}`);
    }),
  );
});

test("dates are epoch milliseconds, days their text, bytes hex, and nothing stays nothing", () => {
  expect(plainValue(new Date(1_700_000_000_123))).toBe(1_700_000_000_123);
  expect(plainValue(types.LocalDate.fromString("2026-01-15"))).toBe("2026-01-15");
  expect(plainValue(Buffer.from([0, 255]))).toBe("00ff");
  expect([plainValue(null), plainValue(18.5), plainValue("x")]).toEqual([null, 18.5, "x"]);
});
