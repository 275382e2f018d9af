/** Where a run leaves what it recorded: `runs/<id>/`, explained file by file in the README. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export type RunFolder = {
  readonly root: string;
  readonly log: (name: string) => string;
  readonly facts: (name: string) => string;
  readonly config: (name: string) => string;
  readonly file: (name: string) => string;
  readonly factsFolder: string;
  /** Writes a config file of a child process and returns its path. */
  readonly writeConfig: (name: string, value: unknown) => string;
};

/** @throws an Error with a sentence when the folder cannot be made. */
export function createRunFolder(out: string, run: string): RunFolder {
  const root = resolve(out, run);
  try {
    for (const part of ["logs", "facts", "config"]) makeFolder(join(root, part));
  } catch (cause) {
    throw new Error(
      `The run folder ${root} cannot be created: ${(cause as Error).message}. Name another with --out.`,
      { cause },
    );
  }
  const config = (name: string): string => join(root, "config", name);
  return {
    root,
    log: (name) => join(root, "logs", `${name}.log`),
    facts: (name) => join(root, "facts", name),
    config,
    file: (name) => join(root, name),
    factsFolder: join(root, "facts"),
    writeConfig(name, value) {
      const path = config(name);
      writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
      return path;
    },
  };
}

/** Level by level: Node's own `recursive` goes round for ever where a folder refuses with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
