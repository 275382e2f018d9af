import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ackProgress } from "../../../harness/faults/ack-progress.ts";

function ackFile(): {
  file: string;
  add: (partition: number, to: number, outcome: string) => void;
} {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-acks-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "acks-0.ndjson");
  const add = (partition: number, to: number, outcome: string): void =>
    appendFileSync(file, `${JSON.stringify({ partition, from: 0, to, outcome })}\n`);
  return { file, add };
}

test("a worker is as far as its last acks say; what nobody knows is no progress", () => {
  const { file, add } = ackFile();
  expect(ackProgress(file, false).size).toBe(0);
  add(0, 10, "acked");
  add(1, 7, "acked");
  add(0, 30, "acked");
  add(1, 9, "unknown");
  expect([...ackProgress(file, true)]).toEqual([
    [0, { done: 30n, idle: true }],
    [1, { done: 7n, idle: true }],
  ]);
});

test("a line that the kill cut off is left out, and the file may be long", () => {
  const { file, add } = ackFile();
  for (let to = 1; to <= 5_000; to++) add(0, to, "acked");
  appendFileSync(file, '{"partition":0,"from":0,"to":900');
  expect([...ackProgress(file, false)]).toEqual([[0, { done: 5_000n, idle: false }]]);
});
