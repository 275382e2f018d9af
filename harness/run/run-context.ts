/** What every phase of a run knows. */
import type { RunNames } from "../../pipeline/contract/names.ts";
import type { Clock } from "../../simulator/clock.ts";
import type { Plan, PlanOptions } from "../../simulator/plan.ts";
import type { Registry } from "../process/registry.ts";
import type { Scenario, ScenarioJob } from "../scenario/scenario.ts";
import type { RunningStack } from "../stack/running-stack.ts";
import type { RunFolder } from "./run-folder.ts";

/** A persisting job as the run knows it: the scenario's, and what its config comes to with the run's id filled in. */
export type RunJob = ScenarioJob & {
  readonly name: string;
  /** Its dead-letter topic, where it has one. */
  readonly deadLetters?: string;
};

export type RunContext = {
  readonly run: string;
  readonly names: RunNames;
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly planOptions: PlanOptions;
  readonly jobs: readonly RunJob[];
  readonly folder: RunFolder;
  readonly registry: Registry;
  readonly stack: RunningStack;
  readonly clock: Clock;
  /** First Ctrl-C: stop the load, then drain and judge. */
  readonly interrupted: AbortSignal;
  /** Second Ctrl-C, or the end of the run: whatever is under way is broken off. */
  readonly signal: AbortSignal;
};
