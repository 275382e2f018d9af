import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeysWriter } from "../../../harness/facts/keys-writer.ts";
import { openPackedKeys, type PackedKeys } from "../../../harness/facts/packed-keys.ts";
import { temporaryFolder } from "../process/fixture.ts";

function writePackedKeys(file: string, keys: readonly string[], buckets = 1): void {
  const writer = createKeysWriter(file, buckets);
  for (const [nth, key] of keys.entries()) writer.add(key, nth % buckets);
  writer.end();
}

const allOf = (keys: PackedKeys | undefined) =>
  Array.from({ length: keys?.length ?? 0 }, (_, row) => keys?.at(row));

test("keys come back as they were, each from its bucket, whatever is in them", () => {
  const file = join(temporaryFolder(), "s.keys");
  const keys = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 20 });
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 5 }), (all, buckets) => {
      writePackedKeys(file, all, buckets);
      const back = openPackedKeys(file);
      expect(back).toHaveLength(buckets);
      for (const [bucket, own] of back.entries()) {
        expect(allOf(own)).toEqual(all.filter((_, nth) => nth % buckets === bucket));
        expect(own.at(own.length)).toBeUndefined();
      }
    }),
    { numRuns: 50 },
  );
});

test("more keys than are written at once stay in their order", () => {
  const file = join(temporaryFolder(), "s.keys");
  const keys = Array.from({ length: 250_000 }, (_, row) => `key-${row}`);
  writePackedKeys(file, keys);
  const [back] = openPackedKeys(file);
  for (const row of [0, 65_535, 65_536, 99_999, 249_999]) expect(back?.at(row)).toBe(`key-${row}`);
  expect(back?.length).toBe(250_000);
});

test("a file of an older version is one bucket", async () => {
  const file = join(temporaryFolder(), "s.keys");
  const texts = ["a", "", "bcé"];
  const ends = Uint32Array.of(1, 1, 5);
  const head = `${JSON.stringify({ schema: 1, rows: 3, bytes: 5 })}\n`;
  const parts = [Buffer.from(head), Buffer.from(ends.buffer), Buffer.from(texts.join(""))];
  await writeFile(file, Buffer.concat(parts));
  expect(openPackedKeys(file).map(allOf)).toEqual([texts]);
  await writeFile(file, Buffer.concat(parts).subarray(0, -1));
  expect(() => openPackedKeys(file)).toThrow("is cut or no keys");
});

test("a cut file, a longer one, an empty one, none, and one without its end are refused", async () => {
  const file = join(temporaryFolder(), "s.keys");
  const refused = expect.objectContaining({ code: "facts-unreadable" });
  expect(() => openPackedKeys(file)).toThrow(refused);
  writePackedKeys(file, ["a", "bc"]);
  const bytes = await readFile(file);
  for (const bad of [
    bytes.subarray(0, -1),
    bytes.subarray(0, -20),
    Buffer.concat([bytes, bytes]),
    Buffer.alloc(0),
  ]) {
    await writeFile(file, bad);
    expect(() => openPackedKeys(file)).toThrow(refused);
  }
});
