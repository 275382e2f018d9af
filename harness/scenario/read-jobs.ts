/**
 * Looks at the job configs that a scenario names: whether they are there and which store each one
 * fills.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ScenarioJob, StoreName } from "./scenario.ts";

export type JobRead =
  | { readonly ok: true; readonly job: ScenarioJob }
  | { readonly ok: false; readonly index: number; readonly fault: string };

/**
 * Paths are relative to the scenario's file. What stands in a config is validated by the job
 * itself.
 */
export function readJobs(scenarioFile: string, jobs: readonly string[]): readonly JobRead[] {
  return jobs.map((path, index) => {
    const file = resolve(dirname(scenarioFile), path);
    const found = storeOf(file);
    return "fault" in found
      ? { ok: false, index, fault: `${path} ${found.fault}` }
      : { ok: true, job: { file, store: found.store } };
  });
}

function storeOf(file: string): { store: StoreName } | { fault: string } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return { fault: "cannot be read; the path is relative to the scenario's file" };
  }
  const connector = connectorOf(text);
  if (connector === undefined)
    return { fault: "is no job config: config.connector.class is missing" };
  if (/elastic/i.test(connector)) return { store: "elasticsearch" };
  if (/cassandra/i.test(connector)) return { store: "cassandra" };
  return { fault: `has connector.class ${connector}, which writes to no store of this version` };
}

function connectorOf(text: string): string | undefined {
  try {
    const value = (JSON.parse(text) as { config?: Record<string, unknown> } | null)?.config;
    const connector = value?.["connector.class"];
    return typeof connector === "string" ? connector : undefined;
  } catch {
    return undefined; // No JSON is no config, as the caller says.
  }
}
