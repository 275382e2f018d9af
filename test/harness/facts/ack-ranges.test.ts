import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createOutcomes } from "../../../harness/checks/outcomes.ts";
import { type AckRange, outcomes, readAckRanges } from "../../../harness/facts/ack-ranges.ts";
import { temporaryFolder } from "../process/fixture.ts";

const lineOf = (range: AckRange): string =>
  `${JSON.stringify({ atMs: 1, ...range, baseOffset: 0 })}\n`;

/** Ranges of three partitions as workers write them: each goes on where the one before ended, or further on. */
const written = fc
  .array(
    fc.record({
      partition: fc.nat(2),
      gap: fc.constantFrom(0, 0, 0, 2),
      many: fc.integer({ min: 1, max: 9 }),
      outcome: fc.constantFrom(...outcomes),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    const ends = [0, 0, 0];
    return steps.map(({ partition, gap, many, outcome }): AckRange => {
      const from = ends[partition]! + gap;
      ends[partition] = from + many;
      return { partition, from, to: from + many, outcome };
    });
  });

test("ranges that are read as fewer say the same of every send", async () => {
  const folder = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(written, async (ranges) => {
      writeFileSync(join(folder, "acks-0.ndjson"), ranges.map(lineOf).join(""));
      const [read, all] = [await readAckRanges(folder), ranges].map(createOutcomes);
      for (const { partition, to } of ranges) {
        for (let at = 0; at <= to; at++) {
          expect(read!.of(partition, at)).toBe(all!.of(partition, at));
        }
      }
      for (const outcome of outcomes) expect(read!.count(outcome)).toBe(all!.count(outcome));
    }),
    { numRuns: 50 },
  );
});

test("a day of acknowledgements without a failure is one range a partition", async () => {
  const folder = temporaryFolder();
  const lines = Array.from({ length: 20_000 }, (_, nth) =>
    lineOf({ partition: nth % 2, from: nth >> 1, to: (nth >> 1) + 1, outcome: "acked" }),
  );
  writeFileSync(join(folder, "acks-0.ndjson"), lines.slice(0, 9_999).join(""));
  writeFileSync(join(folder, "acks-1.ndjson"), lines.slice(9_999).join(""));
  expect(await readAckRanges(folder)).toEqual(
    [
      { partition: 0, from: 0, to: 10_000, outcome: "acked" },
      { partition: 1, from: 0, to: 10_000, outcome: "acked" },
    ].map((range) => expect.objectContaining(range)),
  );
});

test("the last line of a file may be cut; any other may not, and is told by its number", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "acks-0.ndjson");
  const line = lineOf({ partition: 1, from: 0, to: 9, outcome: "acked" });
  writeFileSync(file, `${line}${line.slice(0, 20)}`);
  expect(await readAckRanges(folder)).toHaveLength(1);
  writeFileSync(file, `${line}${line.slice(0, 20)}\n${line}`);
  await expect(readAckRanges(folder)).rejects.toThrow("line 2 of the acks is no range");
});
