/** Why the jobs of a scenario cannot fill new stores: asked before a run starts, when its scenario wants that. */
import { relative } from "node:path";
import { jobFileOf } from "../scenario/job-file.ts";
import type { ReplayStep, Scenario } from "../scenario/scenario.ts";
import { newStoreConfig } from "./new-store-config.ts";

/** One sentence a job; none when no new store is asked for. A file that cannot be read is told of elsewhere. */
export function newStoreProblems(scenario: Pick<Scenario, "jobs" | "replay">): readonly string[] {
  if (!scenario.replay.some(fillsNewStores)) return [];
  return scenario.jobs.flatMap((job) => {
    let file: unknown;
    try {
      file = jobFileOf(job);
    } catch (error) {
      if (!(error instanceof SyntaxError)) return [];
    }
    const derived = newStoreConfig(file, 1);
    return derived.ok
      ? []
      : [`${relative(process.cwd(), job.file)} ${derived.problem} (replay: new-store)`];
  });
}

function fillsNewStores({ kind }: ReplayStep): boolean {
  return kind === "new-store" || kind === "re-produce";
}
