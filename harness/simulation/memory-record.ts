/** What a run in memory says of itself to the checks. */
import { runNames } from "../../pipeline/contract/names.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { digestKey, run, span } from "./memory-jobs.ts";

export function recordOf(
  scenario: Scenario,
  plan: RunFacts["record"]["plan"],
  recordsMin: number,
): RunFacts["record"] {
  const { raw, aggregated, rejected } = runNames(run).topics;
  return {
    schema: 1,
    run,
    scenario: scenario.name,
    plan,
    span,
    digestKey,
    topics: { raw, aggregated, rejected },
    stack: null,
    stackId: null,
    mappings: {},
    stores: scenario.jobs.map(({ store }) => store),
    recordsMin,
    drain: "empty",
    brokenOff: false,
    died: [],
    generatorFaults: [],
    faults: [],
    replays: [],
  };
}
