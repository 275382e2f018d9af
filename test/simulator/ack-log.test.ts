import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AckRange, openAckLog } from "../../simulator/ack-log.ts";

function written(ranges: readonly (AckRange | "flush")[]): Omit<AckRange, "atMs">[] {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-acks-"));
  const file = join(folder, "acks.ndjson");
  const log = openAckLog(file);
  for (const range of ranges) {
    if (range === "flush") log.flush();
    else log.add(range);
  }
  log.close();
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  rmSync(folder, { recursive: true });
  return lines.map((line) => {
    const { atMs: _, ...rest } = JSON.parse(line) as AckRange;
    return rest;
  });
}

function acked(from: number, to: number, baseOffset: number, partition = 0): AckRange {
  return { atMs: 1, partition, from, to, outcome: "acked", baseOffset };
}

test("ranges that go on in positions, offsets and outcome become one line", () => {
  const lines = written([
    acked(0, 5, 100),
    acked(0, 3, 7, 1),
    acked(5, 9, 105),
    acked(3, 4, 10, 1),
  ]);
  expect(lines).toEqual([
    { partition: 0, from: 0, to: 9, outcome: "acked", baseOffset: 100 },
    { partition: 1, from: 0, to: 4, outcome: "acked", baseOffset: 7 },
  ]);
});

test("a gap in the offsets, another outcome, closing readings or a flush begin a new line", () => {
  const unknown = { ...acked(7, 9, -1), outcome: "unknown" as const };
  const lines = written([
    acked(0, 5, 100),
    acked(5, 7, 106),
    unknown,
    { ...unknown, from: 9, to: 12 },
    { ...acked(12, 13, 108), closing: true },
    "flush",
    { ...acked(13, 14, 109), closing: true },
  ]);
  expect(lines).toEqual([
    { partition: 0, from: 0, to: 5, outcome: "acked", baseOffset: 100 },
    { partition: 0, from: 5, to: 7, outcome: "acked", baseOffset: 106 },
    { partition: 0, from: 7, to: 12, outcome: "unknown", baseOffset: -1 },
    { partition: 0, from: 12, to: 13, outcome: "acked", baseOffset: 108, closing: true },
    { partition: 0, from: 13, to: 14, outcome: "acked", baseOffset: 109, closing: true },
  ]);
});

test("acked ranges without a known offset merge with their like only", () => {
  expect(written([acked(0, 1, -1), acked(1, 2, -1), acked(2, 3, 0)])).toEqual([
    { partition: 0, from: 0, to: 2, outcome: "acked", baseOffset: -1 },
    { partition: 0, from: 2, to: 3, outcome: "acked", baseOffset: 0 },
  ]);
});
