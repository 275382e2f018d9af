/** Who may import whom, as `pipeline`'s, `simulator`'s and `harness`'s rules have it: one example a direction. */
export type Direction = readonly [folder: string, target: string];

const jobs = [
  "pipeline/aggregator/fold.ts",
  "pipeline/aggregator/digest.ts",
  "pipeline/connect/task/task.ts",
  "pipeline/sinks/sink.ts",
  "pipeline/kafka/read-committed.ts",
  "pipeline/clock.ts",
  "pipeline/start-job.ts",
];
const wire = "pipeline/kafka/wire/batch-reader.ts";
const kcql = "pipeline/kcql/parser.ts";
const validation = "pipeline/connect/config/config.ts";
const contract = "pipeline/contract/aggregate.ts";
const harness = "harness/checks/verdict.ts";
const simulator = "simulator/plan.ts";

/** These may see more of the pipeline than the rest of the harness. */
const special = ["harness/observe", "harness/simulation", "harness/cli"];

/** `folders`: every folder of sources that there is, so that a new one is tried without being named here. */
export function forbidden(folders: readonly string[]): readonly Direction[] {
  return [
    ...each(below("pipeline", folders), [harness, simulator]),
    ...each(["simulator"], [harness, kcql, validation, ...jobs]),
    ...each(ordinary(folders), [wire, kcql, validation, ...jobs]),
    ...each(["harness/observe"], [kcql, validation, ...jobs]),
    ...each(["harness/cli"], [wire, ...jobs]),
  ];
}

export function allowed(folders: readonly string[]): readonly Direction[] {
  return [
    ...each(below("pipeline", folders), [contract, wire]),
    ...each(["simulator"], [contract, wire]),
    ...each(below("harness", folders), [contract, simulator, harness]),
    ...each(["harness/observe"], [wire]),
    ...each(["harness/cli"], [kcql, validation]),
    ...each(["harness/simulation"], [wire, kcql, validation, ...jobs]),
    ...each(["test/harness/checks"], [harness, simulator, ...jobs]),
  ];
}

function ordinary(folders: readonly string[]): readonly string[] {
  return below("harness", folders).filter((folder) => !special.includes(folder));
}

function below(top: string, folders: readonly string[]): readonly string[] {
  return folders.filter((folder) => folder === top || folder.startsWith(`${top}/`));
}

function each(folders: readonly string[], targets: readonly string[]): readonly Direction[] {
  return folders.flatMap((folder) => targets.map((target) => [folder, target] as const));
}
