import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { jobFileOf, layKeys } from "../../../harness/scenario/job-file.ts";
import { readScenario, type ScenarioOverrides } from "../../../harness/scenario/load-scenario.ts";
import { printScenario } from "../../../harness/scenario/print-scenario.ts";
import { printProblem } from "../../../harness/scenario/problem.ts";
import { scenarioFolder } from "./fixture.ts";

const folder = scenarioFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const head = "name: a\nfleet: { devices: 100, timeScale: 10 }\nload: { for: 60s, warmUp: 10s }\n";
const elastic = "file: jobs/elasticsearch.json";

function read(text: string, overrides: ScenarioOverrides = {}) {
  return readScenario(join(folder, "a.yaml"), `${head}${text}\n`, overrides);
}

function jobsOf(text: string, overrides: ScenarioOverrides = {}) {
  const loaded = read(text, overrides);
  if (!loaded.ok) throw new Error(loaded.errors.map(printProblem).join("\n"));
  return loaded.scenario.jobs;
}

function faultsOf(text: string, overrides: ScenarioOverrides = {}): string[] {
  const loaded = read(text, overrides);
  if (loaded.ok) return [];
  return loaded.errors.map((problem) => printProblem(problem).replace(/^\S*a\.yaml:\d+:\d+ /, ""));
}

test("a job is a path, or a file with its number of workers and keys of its own", () => {
  const config = "{ tasks.max: 3, errors.tolerance: all, retire.after.days: null }";
  const [first, second] = jobsOf(
    `jobs: [jobs/cassandra.json, { ${elastic}, workers: 2, config: ${config} }]`,
  );
  expect(first).toEqual({
    file: join(folder, "jobs", "cassandra.json"),
    store: "cassandra",
    workers: 1,
    config: {},
  });
  expect(second).toMatchObject({
    store: "elasticsearch",
    workers: 2,
    config: { "tasks.max": 3, "errors.tolerance": "all", "retire.after.days": null },
  });
});

test("the command line reaches into a job that is written at length, keys with dots included", () => {
  const text = `jobs: [{ ${elastic} }]`;
  const set = ["jobs.0.workers=2", "jobs.0.config.tasks.max=3"];
  expect(jobsOf(text, { set })).toMatchObject([{ workers: 2, config: { "tasks.max": 3 } }]);
  expect(faultsOf("jobs: [jobs/elasticsearch.json]", { set: set.slice(0, 1) })).toEqual([
    "--set jobs.0.workers=2 jobs.0.workers: jobs.0 is one value, nothing lies below it",
  ]);
});

test.each([
  ["neither", "5", "jobs.0: must be the path of a job's config, or { file, workers, config }"],
  ["without a file", "{ workers: 2 }", "jobs.0.file: must be the path of a job's config"],
  [
    "a misnamed key",
    `{ ${elastic}, worker: 2 }`,
    "jobs.0.worker: no such key; did you mean workers?",
  ],
  ["no worker at all", `{ ${elastic}, workers: 0 }`, "jobs.0.workers: must be 1 to 64"],
  [
    "a key that is a list",
    `{ ${elastic}, config: { topics: [a] } }`,
    "jobs.0.config.topics: must be a text, a number, true, false, or null, which takes the key away",
  ],
  [
    "a class taken away",
    `{ ${elastic}, config: { connector.class: null } }`,
    "jobs.0: jobs/elasticsearch.json is no job config: config.connector.class is missing",
  ],
])("a job that is %s is refused", (_, job, fault) => {
  expect(faultsOf(`jobs: [${job}]`)).toEqual([fault]);
});

test("workers that are there from the beginning can be stopped one by one, but not the last", () => {
  const two = `jobs: [{ ${elastic}, workers: 2 }]\nfaults:`;
  expect(faultsOf(`${two} [{ at: 1s, stop: job-elasticsearch-1 }]`)).toEqual([]);
  expect(faultsOf(`${two} [{ at: 1s, start: job-elasticsearch-1 }]`)).toEqual([
    "faults.0.start: job-elasticsearch-1 runs already at 1s",
  ]);
  const both = "{ at: 1s, stop: job-elasticsearch-1 }, { at: 2s, stop: job-elasticsearch-0 }";
  expect(faultsOf(`${two} [${both}]`)).toEqual([
    "faults.1.stop: job-elasticsearch-0 is the last one of job-elasticsearch at 2s: nobody would go on",
  ]);
});

test("jobs print as short as they may be written, and load again as the same scenario", () => {
  const loaded = read(
    `jobs: [jobs/cassandra.json, { ${elastic}, workers: 2, config: { tasks.max: 3, a: null } }]`,
  );
  if (!loaded.ok) throw new Error("unsound");
  const text = printScenario(loaded.scenario, folder);
  expect(text).toContain("- jobs/cassandra.json\n");
  const again = readScenario(join(folder, "b.yaml"), text);
  expect(again.ok && again.scenario).toEqual(loaded.scenario);
});

test("a scenario's keys lie over the file's, and null takes one away", () => {
  const file = { name: "n", config: { a: 1, b: null, c: "x" } };
  expect(layKeys(file, { a: 2, c: null, d: true })).toEqual({
    name: "n",
    config: { a: 2, b: null, d: true },
  });
  expect(layKeys("no config", { a: 1 })).toBe("no config");
  const [job] = jobsOf(`jobs: [{ ${elastic}, config: { tasks.max: 3 } }]`);
  expect(jobFileOf(job!)).toMatchObject({ config: { "tasks.max": 3 } });
});
