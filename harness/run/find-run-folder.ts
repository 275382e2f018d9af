/** Which folder RUN means: a run id where run folders are made, or the path of one. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { runIdPattern } from "../../pipeline/contract/names.ts";
import { nearestName } from "../scenario/nearest-name.ts";

export type FoundFolder =
  | { readonly ok: true; readonly root: string }
  /** A sentence. */
  | { readonly ok: false; readonly why: string };

/** `out`: where run folders are made. */
export function findRunFolder(run: string, out: string): FoundFolder {
  const candidates = [resolve(out, run), resolve(run)].filter(isFolder);
  const root = candidates.find(isRunFolder);
  if (root !== undefined) return { ok: true, root };
  const [folder] = candidates;
  if (folder !== undefined && run !== "") {
    return { ok: false, why: `${folder} is not the folder of a run: it holds no scenario.yaml.` };
  }
  return { ok: false, why: `There is no run ${run} in ${resolve(out)}${suggestion(run, out)}.` };
}

const shownMax = 5;

function suggestion(run: string, out: string): string {
  const runs = isFolder(out) ? readdirSync(out).filter((name) => runIdPattern.test(name)) : [];
  if (runs.length === 0) return ", nor any other; name the folder with --out";
  const nearest = nearestName(run, runs);
  if (nearest !== undefined) return `; the nearest name is ${nearest}`;
  const at = (name: string): number => statSync(join(out, name)).mtimeMs;
  const latest = runs.sort((a, b) => at(b) - at(a)).slice(0, shownMax);
  return `; the latest are ${latest.join(", ")}`;
}

function isRunFolder(folder: string): boolean {
  return existsSync(join(folder, "scenario.yaml")) || existsSync(join(folder, "facts"));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
