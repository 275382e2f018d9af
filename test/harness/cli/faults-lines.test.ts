import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { faultFacts } from "../../../harness/cli/fault-facts.ts";
import { catalogueLines, kindLines } from "../../../harness/cli/faults-lines.ts";
import { faultKinds } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { fleetTroubles } from "../../../harness/scenario/fault-kinds/fleet-troubles.ts";
import { readScenario } from "../../../harness/scenario/load-scenario.ts";
import { printProblem } from "../../../harness/scenario/problem.ts";
import { scenarioSchema } from "../../../harness/scenario/scenario-schema.ts";
import { scenarioFolder } from "../scenario/fixture.ts";

const folder = scenarioFolder();
afterAll(() => rmSync(folder, { recursive: true }));

test("every kind of the catalogue is listed, with what it is done to, what it endangers and leads to", () => {
  const lines = catalogueLines();
  for (const kind of faultKinds) {
    const at = lines.findIndex((line) => line.startsWith(`  ${kind} `));
    expect(lines[at]).toContain(faultFacts(kind).summary);
    expect(lines[at + 1]).toMatch(/ on .*; endangers C\d+/);
  }
  expect(lines.join("\n")).toMatch(/delete-records .*\n.*on raw, aggregated; .*; leads to FAIL/);
  expect(lines.every((line) => line.length <= 120)).toBe(true);
});

test("what the fleet does by itself is listed, by keys that a scenario has", () => {
  const lines = catalogueLines();
  const shapes = scenarioSchema.shape;
  for (const [key, { summary }] of Object.entries(fleetTroubles)) {
    expect(lines.find((line) => line.startsWith(`  ${key} `))).toContain(summary);
    const [group, name] = key.split(".") as ["readings" | "fleet", string];
    expect(Object.keys(shapes[group].unwrap().shape)).toContain(name);
  }
});

test("one kind is shown in full, its crash points with their meaning", () => {
  const lines = kindLines("kill").join("\n");
  expect(lines).toMatch(/targets: aggregator, .*, kafka, elasticsearch, cassandra/);
  expect(lines).toMatch(/points of job-elasticsearch, job-cassandra\n/);
  expect(lines).toMatch(/after-offsets +the offsets, too/);
  expect(kindLines("delete-records").join("\n")).toMatch(/leads to FAIL: .* must be reported/);
});

test.each(faultKinds.map((kind) => [kind, faultFacts(kind).example] as const))(
  "the example of %s is a sound step",
  (_, example) => {
    const head =
      "name: a\nfleet: { devices: 100, timeScale: 10 }\nload: { for: 60s, warmUp: 10s }\n";
    const two = "{ at: 2s, start: aggregator-1 }";
    const steps = example.includes("stop:") ? `${two}, ${example}` : example;
    const loaded = readScenario(join(folder, "a.yaml"), `${head}faults: [${steps}]\n`, {});
    expect(loaded.ok ? [] : loaded.errors.map(printProblem)).toEqual([]);
  },
);
