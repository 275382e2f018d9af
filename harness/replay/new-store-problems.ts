/** Why the jobs of a scenario cannot fill new stores: asked before a run starts, when its scenario wants that. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Scenario } from "../scenario/scenario.ts";
import { newStoreConfig } from "./new-store-config.ts";

/** One sentence a job; none when no new store is asked for. A file that cannot be read is told of elsewhere. */
export function newStoreProblems(scenario: Pick<Scenario, "jobs" | "replay">): readonly string[] {
  if (scenario.replay.every(({ kind }) => kind !== "new-store")) return [];
  return scenario.jobs.flatMap(({ file }) => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch {
      return [];
    }
    const derived = newStoreConfig(text, 1);
    return derived.ok
      ? []
      : [`${relative(process.cwd(), file)} ${derived.problem} (replay: new-store)`];
  });
}
