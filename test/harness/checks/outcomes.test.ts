import fc from "fast-check";
import { expect, test } from "vitest";
import { checkOrder } from "../../../harness/checks/order.ts";
import { createOutcomes } from "../../../harness/checks/outcomes.ts";
import type { AckRange } from "../../../harness/facts/ack-ranges.ts";
import { factsOf, honestHistory } from "./history.ts";

const ranges: readonly AckRange[] = [
  { partition: 0, from: 0, to: 10, outcome: "acked" },
  { partition: 0, from: 10, to: 12, outcome: "failed" },
  { partition: 0, from: 15, to: 40, outcome: "unknown" },
  { partition: 0, from: 40, to: 41, outcome: "acked" },
  { partition: 2, from: 3, to: 9, outcome: "acked" },
];

test("whatever the order of the workers' lines, each send has the outcome of its range", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...ranges], { minLength: ranges.length }), (lines) => {
      const outcomes = createOutcomes(lines);
      for (let position = -1; position < 45; position++) {
        for (const partition of [0, 1, 2]) {
          const range = ranges.find(
            (each) => each.partition === partition && each.from <= position && position < each.to,
          );
          expect(outcomes.of(partition, position)).toBe(range?.outcome);
        }
      }
      expect(outcomes.ranges(0)).toEqual(ranges.slice(0, 4));
      expect(outcomes.ranges(1)).toEqual([]);
    }),
  );
});

test("sends are counted by outcome, over all partitions", () => {
  const { count } = createOutcomes(ranges);
  expect([count("acked"), count("failed"), count("unknown")]).toEqual([17, 2, 25]);
});

test("C4 looks at each send that the log holds in its place", () => {
  const facts = factsOf(honestHistory);
  const sends = honestHistory.log.reduce((sum, log) => sum + log.length, 0);
  expect(checkOrder(facts)).toMatchObject({ clause: "C4", verdict: "PASS", evaluated: sends });
});
