/** Checks the job configs that a scenario names, with the pipeline's own validation: to explain and refuse, never to judge. */
import { relative } from "node:path";
import { validateJobConfig } from "../../pipeline/connect/config/config.ts";
import { newStoreProblems } from "../replay/new-store-problems.ts";
import type { RunJob } from "../run/run-context.ts";
import { jobFileOf } from "../scenario/job-file.ts";
import type { Scenario, ScenarioJob } from "../scenario/scenario.ts";

/** Stand-ins for what only a running stack knows. */
const anywhere = {
  "elasticsearch.host": "127.0.0.1",
  "elasticsearch.port": "9200",
  "cassandra.host": "127.0.0.1",
  "cassandra.port": "9042",
  "cassandra.datacenter": "datacenter1",
};

type Checked =
  | { readonly ok: true; readonly name: string; readonly deadLetters: string | undefined }
  | { readonly ok: false; readonly problems: readonly string[] };

/** One line a fault, of all jobs. */
export function jobProblems(scenario: Scenario): readonly string[] {
  const problems = scenario.jobs.flatMap((job) => {
    const checked = check(job, "r00000000");
    return checked.ok ? [] : checked.problems;
  });
  return problems.length > 0 ? problems : newStoreProblems(scenario);
}

/** The jobs of a run with the names that their configs give them. Only for scenarios without problems. */
export function runJobs(scenario: Scenario, run: string): readonly RunJob[] {
  return scenario.jobs.map((job) => {
    const checked = check(job, run);
    if (!checked.ok) throw new Error(checked.problems.join("\n"));
    const { name, deadLetters } = checked;
    return { ...job, name, ...(deadLetters === undefined ? {} : { deadLetters }) };
  });
}

function check(job: ScenarioJob, run: string): Checked {
  const shown = relative(process.cwd(), job.file);
  let value: unknown;
  try {
    value = jobFileOf(job);
  } catch (error) {
    return { ok: false, problems: [`${shown}: ${(error as Error).message}`] };
  }
  const validated = validateJobConfig(value, { variables: { ...anywhere, run } });
  if (validated.ok) {
    const { name, errors } = validated.config;
    return { ok: true, name, deadLetters: errors.deadLetter?.topic };
  }
  return {
    ok: false,
    problems: validated.errors.map(({ key, message }) => `${shown} ${key} ${message}`),
  };
}
