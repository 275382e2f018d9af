/**
 * Looks at the job configs that a scenario names: whether they are there and which store each one
 * fills.
 */
import { dirname, resolve } from "node:path";
import { jobFileOf } from "./job-file.ts";
import type { JobEntry } from "./job-schema.ts";
import type { ScenarioJob, StoreName } from "./scenario.ts";

export type JobRead =
  | { readonly ok: true; readonly job: ScenarioJob }
  | { readonly ok: false; readonly index: number; readonly fault: string };

/**
 * Paths are relative to the scenario's file. What stands in a config is validated by the job
 * itself.
 */
export function readJobs(scenarioFile: string, jobs: readonly JobEntry[]): readonly JobRead[] {
  return jobs.map(({ file: path, workers, config }, index) => {
    const file = resolve(dirname(scenarioFile), path);
    const found = storeOf({ file, config });
    return "fault" in found
      ? { ok: false, index, fault: `${path} ${found.fault}` }
      : { ok: true, job: { file, store: found.store, workers, config } };
  });
}

function storeOf(
  job: Pick<ScenarioJob, "file" | "config">,
): { store: StoreName } | { fault: string } {
  let value: unknown;
  try {
    value = jobFileOf(job);
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: `is no JSON: ${error.message}` };
    return { fault: "cannot be read; the path is relative to the scenario's file" };
  }
  const connector = connectorOf(value);
  if (connector === undefined) {
    return { fault: "is no job config: config.connector.class is missing" };
  }
  if (/elastic/i.test(connector)) return { store: "elasticsearch" };
  if (/cassandra/i.test(connector)) return { store: "cassandra" };
  return { fault: `has connector.class ${connector}, which writes to no store of this version` };
}

function connectorOf(value: unknown): string | undefined {
  const { config } = (value ?? {}) as { readonly config?: Readonly<Record<string, unknown>> };
  const connector = config?.["connector.class"];
  return typeof connector === "string" ? connector : undefined;
}
