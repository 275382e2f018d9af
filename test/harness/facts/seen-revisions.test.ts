import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  createSeenTable,
  readSeenRevisions,
  writeSeenRevisions,
} from "../../../harness/facts/seen-revisions.ts";
import { addValues, rowOf } from "../../../harness/facts/table.ts";

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-seen-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("what was seen comes back from its file, rows that were gone included", async () => {
  const table = createSeenTable();
  const key = { store: 1, device: 7, window: 60_000, version: 3 };
  addValues(table, { ...key, revision: 28, firstAtMs: 1, lastAtMs: 5, looks: 4 });
  addValues(table, { ...key, revision: Number.NaN, firstAtMs: 6, lastAtMs: 6, looks: 1 });
  const folder = emptyFolder();
  const seen = { stores: ["elasticsearch", "cassandra"], failedLooks: [2, 0], table };
  await writeSeenRevisions(folder, seen);
  const read = await readSeenRevisions(folder);
  if (read === "not-kept") throw new Error("it was kept");
  expect([read.stores, read.failedLooks, read.table.length]).toEqual([
    seen.stores,
    seen.failedLooks,
    2,
  ]);
  expect([0, 1].map((row) => rowOf(read.table, row))).toEqual(
    [0, 1].map((row) => rowOf(table, row)),
  );
});

test("a folder without the file says that it was not kept", async () => {
  expect(await readSeenRevisions(emptyFolder())).toBe("not-kept");
});
