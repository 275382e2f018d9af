import { rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { faultKinds } from "../../../harness/scenario/fault-kinds/fault-catalogue.ts";
import { stepKeys } from "../../../harness/scenario/fault-kinds/fault-definition.ts";
import { readScenario, type ScenarioOverrides } from "../../../harness/scenario/load-scenario.ts";
import { printScenario } from "../../../harness/scenario/print-scenario.ts";
import { printProblem } from "../../../harness/scenario/problem.ts";
import { scenarioFolder } from "./fixture.ts";

const folder = scenarioFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const kinds = faultKinds.join(", ");
const parameters = Object.keys(stepKeys).join(", ");
const head = "name: a\nfleet: { devices: 100, timeScale: 10 }\nload: { for: 60s, warmUp: 10s }\n";

function read(steps: string, overrides: ScenarioOverrides = {}) {
  return readScenario(join(folder, "a.yaml"), `${head}${steps}\n`, overrides);
}

/** `path: message` of every fault. */
function faultsOf(steps: string, overrides: ScenarioOverrides = {}): string[] {
  const loaded = read(steps, overrides);
  if (loaded.ok) return [];
  return loaded.errors.map((problem) => printProblem(problem).replace(/^\S*a\.yaml:4:\d+ /, ""));
}

function scenarioOf(steps: string, overrides: ScenarioOverrides = {}) {
  const loaded = read(steps, overrides);
  if (!loaded.ok) throw new Error(loaded.errors.map(printProblem).join("\n"));
  return loaded.scenario;
}

function warningsOf(steps: string): string[] {
  const loaded = read(steps);
  return loaded.ok ? loaded.warnings.map(({ path, message }) => `${path}: ${message}`) : ["unread"];
}

test("every kind of step is read, a target without a slot meaning slot 0, in the order of time", () => {
  const steps = `faults: [
    { at: 40s, stop: aggregator }, { at: 5s, start: aggregator-1 }, { at: 3s, kill: simulator },
    { at: 20s, pause: job-cassandra, for: 13s }]`;
  expect(scenarioOf(steps).faults).toEqual([
    { kind: "kill", target: "simulator-0", atMs: 3_000 },
    { kind: "start", target: "aggregator-1", atMs: 5_000 },
    { kind: "pause", target: "job-cassandra-0", atMs: 20_000, forMs: 13_000 },
    { kind: "stop", target: "aggregator-0", atMs: 40_000 },
  ]);
});

test.each([
  [
    "a kind that is none",
    "{ at: 1s, kil: aggregator }",
    "faults.0.kil: no such key; did you mean kill?",
  ],
  [
    "a kind of a later version",
    "{ at: 1s, throttle: aggregator }",
    `faults.0.throttle: is not offered yet; there is at, between, times, ${kinds}, ${parameters}`,
  ],
  ["a step that does nothing", "{ at: 1s }", `faults.0: does nothing: one of ${kinds} is needed`],
  [
    "two kinds in one step",
    "{ at: 1s, kill: aggregator, stop: aggregator }",
    "faults.0.stop: stands beside kill: each is a step of its own",
  ],
  [
    "a step without a time",
    "{ kill: aggregator }",
    "faults.0: needs its time: at (14s) or between ([4s, 18s])",
  ],
  [
    "two times",
    "{ at: 1s, between: [1s, 2s], kill: aggregator }",
    "faults.0.between: stands beside at: a step has one of them",
  ],
  [
    "an interval that goes back",
    "{ between: [3s, 2s], kill: aggregator }",
    "faults.0.between: must go from an earlier time to a later one",
  ],
  [
    "an interval of one time",
    "{ between: [3s], kill: aggregator }",
    "faults.0.between: must be two times, for example [4s, 18s]",
  ],
  [
    "times without an interval",
    "{ at: 1s, times: 2, kill: aggregator }",
    "faults.0.times: needs between: moments are drawn from an interval",
  ],
  [
    "a pause without its length",
    "{ at: 1s, pause: aggregator }",
    "faults.0.pause: needs for: how long it is stopped",
  ],
  [
    "a kill with a length",
    "{ at: 1s, kill: aggregator, for: 1s }",
    expect.stringMatching(/^faults\.0\.for: belongs to pause, .*; kill has none$/),
  ],
  [
    "a storm without its rhythm",
    "{ at: 1s, rebalance: job-elasticsearch, for: 9s }",
    "faults.0.rebalance: needs every: how often the stranger joins or leaves",
  ],
  [
    "a storm of less than one visit",
    "{ at: 1s, rebalance: aggregator, every: 3s, for: 5s }",
    "faults.0.for: must be at least 2 × every: the stranger joins, and leaves",
  ],
  [
    "a rhythm of something else",
    "{ at: 1s, kill: aggregator, every: 3s }",
    expect.stringMatching(/^faults\.0\.every: belongs to rebalance.*; kill has none$/),
  ],
  [
    "an index that is read-only for ever",
    "{ at: 1s, read-only: elasticsearch }",
    "faults.0.read-only: needs for: how long nothing can be written",
  ],
  [
    "a slot of what has none",
    "{ at: 1s, pause: cassandra-1, for: 20s }",
    "faults.0.pause: has no slots: write cassandra",
  ],
  [
    "a restart of one process",
    "{ at: 1s, restart: job-cassandra-0 }",
    "faults.0.restart: has no slots: write job-cassandra",
  ],
  [
    "a poison in a topic that nobody audits",
    "{ at: 1s, poison: checkpoints }",
    "faults.0.poison: no such target; there are aggregated, raw",
  ],
  [
    "a poison of a form that is none",
    "{ at: 1s, poison: raw, as: big }",
    "faults.0.as: must be one of not-json, huge, null-key, tombstone, wrong-schema",
  ],
  [
    "an operator who moves the aggregator past a poison",
    "{ at: 1s, poison: raw, for: 5s }",
    "faults.0.for: is for jobs that fail on a poison: the aggregator rejects it by itself",
  ],
  [
    "a crash point that is none",
    "{ at: 1s, kill: aggregator, point: after-offset }",
    "faults.0.point: no crash point of aggregator; did you mean after-offsets?",
  ],
  [
    "a crash point of another job",
    "{ at: 1s, kill: job-cassandra, point: after-recover }",
    expect.stringMatching(/^faults\.0\.point: no crash point of job-cassandra; did you mean/),
  ],
  [
    "a crash point of a stage that has none",
    "{ at: 1s, kill: simulator, point: after-write }",
    "faults.0.point: simulator has no crash points; there are those of aggregator, " +
      "job-elasticsearch, job-cassandra",
  ],
  [
    "a server that is paused while it is read-only",
    "{ at: 1s, read-only: elasticsearch, for: 5s }, { at: 6s, pause: elasticsearch, for: 5s }",
    "faults.1.pause: comes while elasticsearch is read-only (1s to 6s)",
  ],
  [
    "a target that is none",
    "{ at: 1s, kill: agregator }",
    "faults.0.kill: no such target; did you mean aggregator?",
  ],
  [
    "a server",
    "{ at: 1s, stop: kafka }",
    "faults.0.stop: to stop kafka is not offered yet; there are aggregator, job-elasticsearch, job-cassandra",
  ],
  [
    "a simulator that is stopped",
    "{ at: 1s, stop: simulator }",
    "faults.0.stop: a simulator worker can only be killed; there are aggregator, job-elasticsearch, job-cassandra",
  ],
  [
    "a simulator that is not there",
    "{ at: 1s, kill: simulator-1 }",
    "faults.0.kill: there is no simulator-1: simulator.workers is 1",
  ],
  [
    "a step after the end",
    "{ at: 70s, kill: aggregator }",
    "faults.0.at: lies after the end of the load (70s, warm-up included)",
  ],
  [
    "an interval past the end",
    "{ between: [60s, 71s], kill: aggregator }",
    "faults.0.between: lies after the end of the load (70s, warm-up included)",
  ],
  [
    "a pause past the end",
    "{ at: 60s, pause: aggregator, for: 11s }",
    "faults.0.for: goes on after the end of the load (70s, warm-up included)",
  ],
  [
    "an instance that nobody started",
    "{ at: 1s, kill: aggregator-1 }",
    "faults.0.kill: aggregator-1 does not run at 1s: no start before it brings it up",
  ],
  [
    "an instance that was stopped",
    "{ at: 1s, start: aggregator-1 }, { at: 2s, stop: aggregator-1 }, { at: 3s, kill: aggregator-1 }",
    "faults.2.kill: aggregator-1 does not run at 3s: it was stopped at 2s",
  ],
  [
    "the start of one that runs",
    "{ at: 1s, start: aggregator }",
    "faults.0.start: aggregator-0 runs already at 1s",
  ],
  [
    "the stop of the last one",
    "{ at: 1s, stop: job-cassandra }",
    "faults.0.stop: job-cassandra-0 is the last one of job-cassandra at 1s: nobody would go on",
  ],
  [
    "a step on one that is paused",
    "{ at: 1s, pause: aggregator, for: 13s }, { at: 5s, kill: aggregator }",
    "faults.1.kill: comes while aggregator-0 is paused (1s to 14s)",
  ],
  [
    "two pauses at once",
    "{ at: 1s, pause: aggregator, for: 13s }, { at: 14s, pause: aggregator, for: 12s }",
    "faults.1.pause: comes while aggregator-0 is paused (1s to 14s)",
  ],
])("%s is refused", (_, steps, fault) => {
  expect(faultsOf(`faults: [${steps}]`)).toEqual([fault]);
});

test("a job that the scenario does not have cannot be touched", () => {
  const set = ["jobs=[jobs/elasticsearch.json]"];
  expect(faultsOf("faults: [{ at: 1s, kill: job-cassandra }]", { set })).toEqual([
    "faults.0.kill: no job of this scenario writes to cassandra",
  ]);
  expect(faultsOf('thresholds: { absorbedMs.cassandra: "max<5s" }', { set })).toEqual([
    "thresholds.absorbedMs.cassandra: no job of this scenario writes to cassandra",
  ]);
});

test("all faults of all steps are said at once", () => {
  expect(
    faultsOf("faults: [{ at: 1, kill: x }, { kill: aggregator }, { at: 1s, stp: y }]"),
  ).toEqual([
    'faults.0.at: needs a unit, for example "1s"',
    "faults.0.kill: no such target; there are aggregator, job-elasticsearch, job-cassandra, simulator, kafka, elasticsearch, cassandra",
    "faults.1: needs its time: at (14s) or between ([4s, 18s])",
    "faults.2.stp: no such key; did you mean stop?",
  ]);
});

test("--set replaces all steps, or reaches into one", () => {
  const set = ["faults=[{ at: 2s, kill: aggregator }]"];
  const steps = "faults: [{ at: 9s, kill: job-cassandra }]";
  expect(scenarioOf(steps, { set }).faults).toEqual([
    { kind: "kill", target: "aggregator-0", atMs: 2_000 },
  ]);
  expect(scenarioOf(steps, { set: ["faults.0.at=4s"] }).faults[0]?.atMs).toBe(4_000);
  expect(scenarioOf(steps, { set: ["faults=[]"] }).faults).toEqual([]);
});

test("what is done to servers, jobs, groups and topics as a whole is read without a slot, members with theirs", () => {
  const steps = `faults: [
    { at: 1s, read-only: elasticsearch, for: 10s }, { at: 2s, pause: cassandra, for: 20s },
    { at: 3s, rebalance: job-elasticsearch, every: 3s, for: 18s }, { at: 4s, poison: aggregated },
    { at: 5s, poison: aggregated, for: 2s }, { at: 6s, restart: job-cassandra },
    { at: 7s, drop-member: job-elasticsearch }]`;
  expect(scenarioOf(steps).faults).toEqual([
    { kind: "read-only", target: "elasticsearch", atMs: 1_000, forMs: 10_000 },
    { kind: "pause", target: "cassandra", atMs: 2_000, forMs: 20_000 },
    { kind: "rebalance", target: "job-elasticsearch", atMs: 3_000, everyMs: 3_000, forMs: 18_000 },
    { kind: "poison", target: "aggregated", atMs: 4_000, forMs: undefined },
    { kind: "poison", target: "aggregated", atMs: 5_000, forMs: 2_000 },
    { kind: "restart", target: "job-cassandra", atMs: 6_000 },
    { kind: "drop-member", target: "job-elasticsearch-0", atMs: 7_000 },
  ]);
});

test("a step on a store that no job fills is refused, also one on the store itself", () => {
  const set = ["jobs=[jobs/elasticsearch.json]"];
  expect(faultsOf("faults: [{ at: 1s, pause: cassandra, for: 20s }]", { set })).toEqual([
    "faults.0.pause: no job of this scenario writes to cassandra",
  ]);
});

test("drawn moments lie one in each equal part of the interval, and the seed decides them", () => {
  const drawn = (seed: number) =>
    scenarioOf("faults: [{ between: [4s, 18s], times: 7, kill: aggregator }]", {
      seed: `${seed}`,
    }).faults.map(({ atMs }) => atMs);
  fc.assert(
    fc.property(fc.nat({ max: 0xffff_ffff }), (seed) => {
      const moments = drawn(seed);
      expect(moments).toHaveLength(7);
      for (const [part, atMs] of moments.entries()) {
        expect(Number.isInteger(atMs)).toBe(true);
        expect(Math.floor((atMs - 4_000) / 2_000)).toBe(part);
      }
      expect(drawn(seed)).toEqual(moments);
    }),
    { numRuns: 50 },
  );
  expect(drawn(1)).not.toEqual(drawn(2));
});

test("two steps with one interval are drawn apart", () => {
  const step = "between: [4s, 18s], kill:";
  const { faults } = scenarioOf(`faults: [{ ${step} aggregator }, { ${step} job-cassandra }]`);
  expect(new Set(faults.map(({ atMs }) => atMs)).size).toBe(2);
});

test("steps of every kind print as what loads again", () => {
  const scenario = scenarioOf(`faults: [
    { at: 1s, read-only: elasticsearch, for: 10s }, { at: 2s, pause: cassandra, for: 20s },
    { at: 3s, rebalance: aggregator, every: 3s, for: 18s }, { at: 4s, poison: aggregated, for: 5s },
    { at: 5s, poison: aggregated }, { at: 6s, restart: job-cassandra }]
replay: [{ rewind: at-rest, clock: +1d }]`);
  expect(scenario.replay).toEqual([{ kind: "rewind", atMs: undefined, clockAheadMs: 86_400_000 }]);
  const again = readScenario(join(folder, "b.yaml"), printScenario(scenario, folder));
  expect(again.ok && again.scenario).toEqual(scenario);
});

test("drawn steps and replays print as moments and load again as the same scenario", () => {
  const scenario = scenarioOf(`faults: [
    { between: [4s, 18s], times: 3, kill: aggregator }, { at: 20s, pause: job-cassandra, for: 12500ms },
    { at: 3s, start: aggregator-1 }, { at: 50s, stop: aggregator-1 }]
replay: [{ rewind: at-rest }, { new-store: 20s }, { rewind: 7s }, { new-store: at-rest }]`);
  const again = readScenario(join(folder, "b.yaml"), printScenario(scenario, folder));
  expect(again.ok && again.scenario).toEqual(scenario);
});

test("replays are at rest or at a time under load", () => {
  expect(scenarioOf("replay: [{ rewind: at-rest }, { new-store: 20s }]").replay).toEqual([
    { kind: "rewind", atMs: undefined },
    { kind: "new-store", atMs: 20_000 },
  ]);
});

test.each([
  [
    "neither time nor at-rest",
    "{ rewind: later }",
    "replay.0.rewind: is neither at-rest nor a time: is no duration: write 200ms, 30s, 5m, 1h or 7d",
  ],
  [
    "a kind of a later version",
    "{ raw: 20s }",
    "replay.0.raw: is not offered yet; there is rewind, new-store, rebuild, re-aggregate, re-produce, clock, partition, from, last, times, store, restart, into, order, speed",
  ],
  [
    "two kinds in one step",
    "{ rewind: at-rest, new-store: at-rest }",
    "replay.0: holds rewind and new-store: each is a step of its own",
  ],
  [
    "nothing",
    "{}",
    "replay.0: does nothing: one of rewind, new-store, rebuild, re-aggregate, re-produce is needed",
  ],
  [
    "a time after the load",
    "{ rewind: 70s }",
    "replay.0.rewind: lies after the end of the load (70s, warm-up included): after it a replay is at-rest",
  ],
  [
    "another day under load",
    "{ rewind: 20s, clock: +1d }",
    "replay.0.clock: belongs to rewind: at-rest: under load the jobs' clock goes with the fleet's",
  ],
  [
    "a day that is past",
    "{ rewind: at-rest, clock: 1d }",
    "replay.0.clock: is no length of time ahead: write +1d or +36h",
  ],
])("a replay of %s is refused", (_, step, fault) => {
  expect(faultsOf(`replay: [${step}]`)).toEqual([fault]);
});

test("a pause that evicts nobody is a warning", () => {
  expect(warningsOf("faults: [{ at: 1s, pause: aggregator, for: 11s }]")).toEqual([]);
  expect(warningsOf("faults: [{ at: 1s, pause: aggregator, for: 5s }]")).toEqual([
    "faults.0.for: is shorter than the session time-out of the jobs (10s) and the second after it: " +
      "the group evicts nobody, aggregator-0 never becomes a zombie",
  ]);
});

test("a threshold on the recovery of what no step touches is a warning", () => {
  const steps = "faults: [{ at: 1s, kill: aggregator }]\nthresholds:";
  expect(
    warningsOf(`${steps} { recoveredMs.aggregator: "max<15s", recoveredMs: "p(50)<3s" }`),
  ).toEqual([]);
  expect(warningsOf(`${steps} { recoveredMs.job-cassandra: "max<15s" }`)).toEqual([
    "thresholds.recoveredMs.job-cassandra: no fault step touches job-cassandra: it will not be measured, and is missed",
  ]);
});
