import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cachedFolder, isCached, publish } from "../../../harness/stack/cache.ts";
import { temporaryFolder } from "../process/fixture.ts";

function assemble(cache: string, work: string, content: string): string {
  const assembled = join(cache, "servers", work, "files");
  mkdirSync(join(assembled, "lib"), { recursive: true });
  writeFileSync(join(assembled, "lib", "a.jar"), content);
  return assembled;
}

test("a server is cached once it is published, not while it is assembled", async () => {
  const cache = temporaryFolder();
  const assembled = assemble(cache, ".work", "x");
  expect(isCached(cache, "kafka")).toBe(false);
  expect(await publish(assembled, cache, "kafka")).toBe(cachedFolder(cache, "kafka"));
  expect(isCached(cache, "kafka")).toBe(true);
});

test("of two that publish the first wins, and both go on with it", async () => {
  const cache = temporaryFolder();
  const folders = await Promise.all([
    publish(assemble(cache, ".one", "x"), cache, "kafka"),
    publish(assemble(cache, ".two", "y"), cache, "kafka"),
  ]);
  expect(new Set(folders)).toEqual(new Set([cachedFolder(cache, "kafka")]));
  expect(isCached(cache, "kafka")).toBe(true);
});

test("a server that has lost a file, or part of one, is no longer cached, and is replaced whole", async () => {
  const cache = temporaryFolder();
  const folder = await publish(assemble(cache, ".one", "four"), cache, "kafka");
  writeFileSync(join(folder, "lib", "a.jar"), "x");
  expect(isCached(cache, "kafka")).toBe(false);
  rmSync(join(folder, "lib", "a.jar"));
  expect(isCached(cache, "kafka")).toBe(false);
  writeFileSync(join(folder, "stale"), "x");
  await publish(assemble(cache, ".two", "new"), cache, "kafka");
  expect(isCached(cache, "kafka")).toBe(true);
  expect(readFileSync(join(folder, "lib", "a.jar"), "utf8")).toBe("new");
  expect(existsSync(join(folder, "stale"))).toBe(false);
});
