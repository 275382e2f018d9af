import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readScenario } from "../../../harness/scenario/load-scenario.ts";
import { printProblem } from "../../../harness/scenario/problem.ts";
import { scenarioFolder } from "./fixture.ts";

const folder = scenarioFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const head = "name: a\nfleet: { devices: 100, timeScale: 10 }\nload: { for: 60s, warmUp: 10s }\n";

function read(step: string, more = "") {
  return readScenario(join(folder, "a.yaml"), `${head}${more}faults: [${step}]\n`, {});
}

function faultOf(step: string, more = ""): string {
  const loaded = read(step, more);
  return loaded.ok ? "none" : loaded.errors.map(printProblem).join("\n");
}

test.each([
  [
    "{ at: 1s, latency: aggregator/kafka, by: 200ms, jitter: 50ms, way: requests, for: 5s }",
    { target: "aggregator/kafka", byMs: 200, jitterMs: 50, way: "requests", forMs: 5_000 },
  ],
  ["{ at: 1s, bandwidth: simulator/kafka, to: 64KiB/s, for: 5s }", { bytesPerSecond: 65_536 }],
  ["{ at: 1s, slice: job-cassandra/cassandra, bytes: 100, for: 5s }", { bytes: 100 }],
  ["{ at: 1s, cut: job-cassandra/kafka, for: 5s, way: responses }", { way: "responses" }],
  ["{ at: 1s, refuse: job-elasticsearch/kafka, for: 5s }", { forMs: 5_000 }],
  ["{ at: 1s, reset: aggregator/kafka, every: 1s, for: 5s }", { everyMs: 1_000 }],
  ["{ at: 1s, lose-response: aggregator/kafka, every: 1s, bytes: 9, for: 5s }", { bytes: 9 }],
  ["{ at: 1s, hold-response: aggregator/kafka, by: 40s, for: 5s }", { byMs: 40_000 }],
  ["{ at: 1s, overload: job-elasticsearch/elasticsearch, share: 40%, for: 5s }", { share: 0.4 }],
])("%s is read", (step, expected) => {
  const loaded = read(step);
  expect(loaded.ok && loaded.scenario.faults[0]).toMatchObject(expected);
});

test.each([
  ["{ at: 1s, cut: aggregator/kafka }", /needs for: how long the link is cut/],
  ["{ at: 1s, cut: aggregator/kafak, for: 5s }", /did you mean aggregator\/kafka\?/],
  ["{ at: 1s, cut: aggregator/cassandra, for: 5s }", /no such target/],
  [
    "{ at: 1s, cut: kafka, for: 5s }",
    /to cut kafka is not offered yet; there are simulator\/kafka/,
  ],
  ["{ at: 1s, overload: job-cassandra/cassandra, for: 5s }", /no such target/],
  ["{ at: 1s, refuse: aggregator/kafka, for: 5s, way: both }", /refuse has none/],
  ["{ at: 66s, cut: aggregator/kafka, for: 5s }", /goes on after the end of the load/],
  [
    "{ at: 1s, cut: aggregator/kafka, for: 5s }, { at: 4s, refuse: aggregator/kafka, for: 1s }",
    /comes while aggregator\/kafka is cut/,
  ],
])("%s is refused", (steps, message) => {
  expect(faultOf(steps)).toMatch(message);
});

test("a link of a job that the scenario does not have is refused", () => {
  const more = "jobs: [jobs/cassandra.json]\n";
  const step = "{ at: 1s, cut: job-elasticsearch/kafka, for: 5s }";
  expect(faultOf(step, more)).toMatch(/no job of this scenario writes to elasticsearch/);
});
