/** Where scenarios lie: a path the user gave, or a bare name in the package's own `scenarios/`. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { nearestName } from "./nearest-name.ts";

/** Two folders up in the sources, three in `dist/`: looked for rather than counted. */
const folder = nearestFolder(fileURLToPath(new URL(".", import.meta.url)));

export type FoundScenario =
  | { readonly ok: true; readonly file: string; readonly text: string }
  | { readonly ok: false; readonly fault: string };

export function findScenario(nameOrPath: string): FoundScenario {
  const bare = /^[a-z0-9][a-z0-9-]*$/.test(nameOrPath);
  const file = bare ? join(folder, `${nameOrPath}.yaml`) : resolve(nameOrPath);
  try {
    return { ok: true, file, text: readFileSync(file, "utf8") };
  } catch (error) {
    if (!bare) return { ok: false, fault: `cannot be read: ${reason(error)}` };
    const names = scenarioFiles().map((path) => basename(path, ".yaml"));
    const nearest = nearestName(nameOrPath, names);
    const hint =
      nearest === undefined ? `there are ${names.join(", ")}` : `did you mean ${nearest}?`;
    return { ok: false, fault: `is no scenario of this package; ${hint}` };
  }
}

export type ListedScenario = {
  readonly name: string;
  readonly file: string;
  /** The file's first comment: what it is meant to break. */
  readonly purpose: string;
};

/** The package's own scenarios, by name. */
export function listScenarios(): readonly ListedScenario[] {
  return scenarioFiles().map((file) => {
    const lines = readFileSync(file, "utf8").split("\n");
    const end = lines.findIndex((line) => !line.startsWith("#"));
    const purpose = lines
      .slice(0, end === -1 ? undefined : end)
      .map(withoutMark)
      .join(" ");
    return { name: basename(file, ".yaml"), file, purpose };
  });
}

function withoutMark(line: string): string {
  return line.replace(/^#\s*/, "");
}

function scenarioFiles(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => join(folder, file));
}

function nearestFolder(from: string): string {
  const candidate = join(from, "scenarios");
  try {
    if (readdirSync(candidate).some((file) => file.endsWith(".yaml"))) return candidate;
  } catch {
    // Not here: one level up, until the root.
  }
  const above = resolve(from, "..");
  return above === from ? candidate : nearestFolder(above);
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}
