import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readPackedKeys, writePackedKeys } from "../../../harness/facts/packed-keys.ts";
import { temporaryFolder } from "../process/fixture.ts";

test("keys come back as they were, whatever is in them", async () => {
  const file = join(temporaryFolder(), "s.keys");
  const keys = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(keys, async (all) => {
      await writePackedKeys(file, all);
      const back = await readPackedKeys(file);
      expect(Array.from({ length: back.length }, (_, row) => back.at(row))).toEqual(all);
      expect(back.at(all.length)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

test("more keys than are written at once stay in their order", async () => {
  const file = join(temporaryFolder(), "s.keys");
  await writePackedKeys(
    file,
    Array.from({ length: 250_000 }, (_, row) => `key-${row}`),
  );
  const back = await readPackedKeys(file);
  for (const row of [0, 99_999, 100_000, 249_999]) expect(back.at(row)).toBe(`key-${row}`);
});

test("a cut file, a longer one, an empty one and none are refused", async () => {
  const file = join(temporaryFolder(), "s.keys");
  await expect(readPackedKeys(file)).rejects.toMatchObject({ code: "facts-unreadable" });
  await writePackedKeys(file, ["a", "bc"]);
  const bytes = await readFile(file);
  for (const bad of [bytes.subarray(0, -1), Buffer.concat([bytes, bytes]), Buffer.alloc(0)]) {
    await writeFile(file, bad);
    await expect(readPackedKeys(file)).rejects.toMatchObject({ code: "facts-unreadable" });
  }
});
