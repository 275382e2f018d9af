/** Finds the JDK that all three servers run on: 17, neither older nor newer (Cassandra 5.0 refuses both). */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

export const javaMajor = 17;

export type Java = { readonly home: string; readonly command: string; readonly version: string };

/** One place that was looked at. `version` is absent where no `java` answered. */
export type JavaSeen = { readonly where: string; readonly version?: string };

export type JavaSearch =
  | { readonly found: Java; readonly seen: readonly JavaSeen[] }
  | { readonly found?: never; readonly seen: readonly JavaSeen[] };

/** A `java -version` that takes longer is taken for broken. */
const answerWithinMs = 5_000;

/**
 * What the user named comes first (`FLEETPROOF_JAVA_HOME`, `JAVA_HOME`, `PATH`); a wrong one there does
 * not hide a right one in the usual places of Debian, macOS and SDKMAN.
 */
export async function findJava(
  environment: Readonly<Record<string, string | undefined>>,
  usualPlaces: readonly string[] = usualJavaPlaces(),
): Promise<JavaSearch> {
  const named = ["FLEETPROOF_JAVA_HOME", "JAVA_HOME"].flatMap((variable) => {
    const home = environment[variable];
    return home ? [{ where: `${variable}=${home}`, command: join(home, "bin", "java") }] : [];
  });
  const onPath = (environment["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "java"))
    .filter((command) => existsSync(command))
    .slice(0, 1)
    .map((command) => ({ where: `PATH (${command})`, command }));
  const installed = usualPlaces
    .flatMap(childrenOf)
    .flatMap((home) => [join(home, "bin", "java"), join(home, "Contents/Home/bin/java")])
    .filter((command) => existsSync(command))
    .map((command) => ({ where: command, command }));
  const seen: JavaSeen[] = [];
  for (const candidates of [[...named, ...onPath], installed]) {
    const answers = await Promise.all(candidates.map(({ command }) => ask(command, environment)));
    for (const [index, { where }] of candidates.entries()) {
      const java = answers[index];
      seen.push(java === undefined ? { where } : { where, version: java.version });
    }
    const found = answers.find((java) => majorOf(java?.version) === javaMajor);
    if (found !== undefined) return { found, seen };
  }
  return { seen };
}

function usualJavaPlaces(): string[] {
  const sdkman = join(homedir(), ".sdkman/candidates/java");
  const homebrew = ["/opt/homebrew/opt", "/usr/local/opt"].map(
    (opt) => `${opt}/openjdk@17/libexec`,
  );
  return ["/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", sdkman, ...homebrew];
}

function childrenOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Asks the program itself, which knows better than the name of its folder. */
function ask(command: string, environment: NodeJS.ProcessEnv): Promise<Java | undefined> {
  const args = ["-XshowSettings:properties", "-version"];
  const options = { timeout: answerWithinMs, env: environment };
  const { promise, resolve } = Promise.withResolvers<Java | undefined>();
  execFile(command, args, options, (error, stdout, stderr) => {
    const text = `${stdout}\n${stderr}`;
    const version = /version "([^"]+)"/.exec(text)?.[1];
    if (error !== null || version === undefined) return resolve(undefined);
    const home = /^\s*java\.home = (.+)$/m.exec(text)?.[1]?.trim();
    return resolve({ version, command, home: home ?? dirname(dirname(realpathSync(command))) });
  });
  return promise;
}

/** `17.0.15` is 17; `1.8.0_402`, in the numbering before Java 9, is 8. */
function majorOf(version: string | undefined): number | undefined {
  const [, first, second] = /^(\d+)(?:\.(\d+))?/.exec(version ?? "") ?? [];
  if (first === undefined) return undefined;
  return first === "1" ? Number(second) : Number(first);
}
