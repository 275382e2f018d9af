import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claimFolder } from "../../../harness/process/claimed-folder.ts";
import { ProcessError } from "../../../harness/process/process-error.ts";
import { temporaryRegistry } from "./fixture.ts";

test("a claimed folder is recorded, and gone with its content and record once removed", async () => {
  const { registry, folder } = temporaryRegistry();
  const path = join(folder, "deep", "data");
  const claimed = claimFolder({ path, purpose: "data", registry });
  expect(registry.list()).toMatchObject([{ kind: "folder", path }]);
  mkdirSync(join(path, "inner"));
  writeFileSync(join(path, "inner", "file"), "x");
  await claimed.remove();
  expect(existsSync(path)).toBe(false);
  expect(registry.list()).toEqual([]);
});

test("a folder that already holds something is refused and left as it was", () => {
  const { registry, folder } = temporaryRegistry();
  writeFileSync(join(folder, "precious"), "x");
  expect(() => claimFolder({ path: folder, purpose: "data", registry })).toThrow(ProcessError);
  expect(registry.list()).toEqual([]);
  expect(existsSync(join(folder, "precious"))).toBe(true);
});

test("a path below a file is refused with a sentence that names it", () => {
  const { registry, folder } = temporaryRegistry();
  writeFileSync(join(folder, "file"), "x");
  const path = join(folder, "file", "data");
  expect(() => claimFolder({ path, purpose: "data", registry })).toThrow(
    /file\/data cannot be used/,
  );
});
