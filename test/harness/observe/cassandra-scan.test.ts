import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenRanges } from "../../../harness/observe/cassandra-scan.ts";

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
