/** What must be on the machine before a local stack can start, checked within a second, each lack with its remedy. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { serverNames } from "./artifacts.ts";
import { isCached } from "./cache.ts";
import type { Home } from "./home.ts";
import { findJava, type Java, type JavaSeen, javaMajor } from "./java.ts";
import { StackError } from "./stack-error.ts";

export type Prerequisites =
  | { readonly ok: true; readonly java: Java; readonly cached: boolean }
  /** One sentence each: what is missing, what was found, what to install. */
  | { readonly ok: false; readonly missing: readonly string[] };

/** Maven is asked for only while a server is not yet in the cache. */
export async function checkPrerequisites(options: {
  readonly home: Home;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folders whose children are JDKs; by default the usual ones of this system. */
  readonly javaPlaces?: readonly string[];
}): Promise<Prerequisites> {
  const { home, environment, javaPlaces } = options;
  const { found, seen } = await findJava(environment, javaPlaces);
  const cached = serverNames.every((server) => isCached(home.cache, server));
  const missing: string[] = [];
  if (found === undefined) missing.push(javaSentence(seen));
  if (!cached && !isOnPath("mvn", environment)) missing.push(mavenSentence);
  return found !== undefined && missing.length === 0
    ? { ok: true, java: found, cached }
    : { ok: false, missing };
}

/** @throws StackError `prerequisite-missing`, with all that is missing in one message. */
export async function requirePrerequisites(
  options: Parameters<typeof checkPrerequisites>[0],
): Promise<Java> {
  const result = await checkPrerequisites(options);
  if (result.ok) return result.java;
  throw new StackError("prerequisite-missing", result.missing.join("\n"));
}

const mavenSentence =
  "Maven (`mvn`) is missing: it is not on the PATH, and the servers have still to be fetched with it; " +
  "install it with `apt install maven` (Debian, Ubuntu), `sdk install maven` (SDKMAN) or `brew install maven`.";

function javaSentence(seen: readonly JavaSeen[]): string {
  const found = seen
    .map(({ where, version }) =>
      version ? `${version} at ${where}` : `no working java at ${where}`,
    )
    .join(", ");
  return (
    `A JDK ${javaMajor} is missing (found: ${found || "no java at all"}); install it with ` +
    `\`apt install openjdk-${javaMajor}-jdk-headless\` (Debian, Ubuntu), ` +
    `\`sdk install java ${javaMajor}.0.15-tem\` (SDKMAN) or \`brew install openjdk@${javaMajor}\`, ` +
    "or name its folder in FLEETPROOF_JAVA_HOME."
  );
}

function isOnPath(
  command: string,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const folders = (environment["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, command)));
}
