/**
 * The cache of fetched servers. A server is either whole or absent: it is assembled in a folder
 * beside its place, listed file by file, and put there by one rename.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { artifacts, type ServerName } from "./artifacts.ts";

/** Names and sizes of all files, so that a cache that a tidy system has thinned out is noticed. */
const listingFile = "files.json";

/** Where the files of `server` lie once they are cached; the version is part of the path. */
export function cachedFolder(cache: string, server: ServerName): string {
  return join(cache, "servers", `${server}-${artifacts[server].version}`);
}

export function isCached(cache: string, server: ServerName): boolean {
  return isWhole(cachedFolder(cache, server));
}

function isWhole(folder: string): boolean {
  try {
    const text = readFileSync(join(folder, listingFile), "utf8");
    const listed = Object.entries(JSON.parse(text) as Record<string, number>);
    const whole = listed.every(([file, size]) => statSync(join(folder, file)).size === size);
    return whole && listed.length > 0;
  } catch {
    return false; // Absent, unreadable or thinned out: to be fetched again.
  }
}

/**
 * Publishes an assembled folder. Another process may have been faster: then its copy stays. A damaged
 * one in that place is first moved beside ours, to go with our work folder, and never mixed with ours.
 */
export async function publish(
  assembled: string,
  cache: string,
  server: ServerName,
): Promise<string> {
  const target = cachedFolder(cache, server);
  writeFileSync(join(assembled, listingFile), JSON.stringify(listingOf(assembled), null, 1));
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(assembled, target);
      return target;
    } catch (error) {
      if (isWhole(target)) return target;
      if (!existsSync(target) || attempt === 3) throw error;
      const damaged = join(dirname(assembled), `damaged-${attempt}`);
      await rename(target, damaged).catch(() => undefined); // Somebody else has moved it.
    }
  }
}

function listingOf(folder: string): Record<string, number> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((path) => [relative(folder, path), statSync(path).size]));
}
