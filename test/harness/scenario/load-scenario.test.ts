import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listScenarios } from "../../../harness/scenario/find-scenario.ts";
import {
  loadScenario,
  readScenario,
  type ScenarioOverrides,
} from "../../../harness/scenario/load-scenario.ts";
import { planOptionsOf } from "../../../harness/scenario/plan-options.ts";
import { printScenario } from "../../../harness/scenario/print-scenario.ts";
import { printProblem } from "../../../harness/scenario/problem.ts";
import { scenarioFolder } from "./fixture.ts";

const folder = scenarioFolder();
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string, overrides: ScenarioOverrides = {}) {
  return readScenario(join(folder, "a.yaml"), text, overrides);
}

/** `line:column path: message` of every fault. */
function faults(text: string, overrides: ScenarioOverrides = {}): string[] {
  const loaded = read(text, overrides);
  if (loaded.ok) return [];
  return loaded.errors.map((problem) => printProblem(problem).replace(/^\S*a\.yaml:/, ""));
}

function scenarioOf(text: string, overrides: ScenarioOverrides = {}) {
  const loaded = read(text, overrides);
  if (!loaded.ok) throw new Error(loaded.errors.map(printProblem).join("\n"));
  return loaded.scenario;
}

const small = "name: a\nfleet: { devices: 100, every: 10s, timeScale: 1 }\n";

test.each([
  [
    "an unknown key",
    `${small}windw: { grace: 1s }\n`,
    "3:1 windw: no such key; did you mean window?",
  ],
  [
    "an unknown key far below",
    `${small}window:\n  size: 5m\n  grase: 1s\n`,
    "5:3 window.grase: no such key; did you mean grace?",
  ],
  [
    "a key that resembles none",
    `${small}topics: { zzzzzzzz: 1 }\n`,
    "3:11 topics.zzzzzzzz: no such key; there are partitions",
  ],
  [
    "a negative grace",
    `${small}window: { grace: -30s }\n`,
    "3:18 window.grace: must not be negative",
  ],
  [
    "no devices",
    "name: a\nfleet: { devices: 0, timeScale: 1 }\n",
    "2:19 fleet.devices: must be 1 to 100000000",
  ],
  [
    "a window smaller than the interval",
    `${small}window: { size: 5s }\n`,
    "3:17 window.size: is smaller than the interval of readings (fleet.every: 10s)",
  ],
  [
    "a retention shorter than the grace",
    `${small}window: { grace: 20m }\n`,
    "3:1 window.retention: is shorter than the grace (20m)",
  ],
  [
    "a duration without unit",
    `${small}load: { for: 60 }\n`,
    '3:14 load.for: needs a unit, for example "60s"',
  ],
  [
    "a share without unit",
    `${small}readings: { late: 0.1 }\n`,
    "3:19 readings.late: needs a unit: write 2% or 0.5%",
  ],
  [
    "a share above all",
    `${small}readings: { late: 101% }\n`,
    "3:19 readings.late: must lie between 0% and 100%",
  ],
  [
    "shares that are more than all together",
    `${small}readings: { malformed: 60%, missing: 50% }\n`,
    "3:11 readings: outOfOrder + revising + late + malformed + missing is 110%, more than all readings",
  ],
  [
    "late readings without room between grace and retention",
    `${small}window: { grace: 10s, retention: 30s }\nreadings: { late: 1% }\n`,
    "4:19 readings.late: needs window.retention − window.grace (20s) to be more than 2 × fleet.every (20s)",
  ],
  [
    "a rate beside devices and timeScale",
    `${small}load: { rate: 10b/day }\n`,
    "2:8 fleet: load.rate, fleet.devices, fleet.timeScale determine one another: leave out one of them",
  ],
  [
    "devices alone",
    "name: a\nfleet: { devices: 5 }\n",
    "2:8 fleet: of load.rate, fleet.devices and fleet.timeScale two are needed; there is fleet.devices",
  ],
  [
    "a rate below one device",
    "name: a\nfleet: { timeScale: 100 }\nload: { rate: 1/s }\n",
    "3:15 load.rate: is so low that less than one device is left at this timeScale",
  ],
  [
    "a rate that is none",
    "name: a\nfleet: { devices: 5 }\nload: { rate: 10b }\n",
    "3:15 load.rate: is no rate: write 10b/day, 100k/s, 6m/h or 115741/s",
  ],
  [
    "a time without zone",
    `${small}time: { start: 2026-01-15 }\n`,
    "3:16 time.start: is no instant with a zone: write 2026-01-15T00:00:00Z",
  ],
  [
    "a fault step on nobody",
    `${small}faults:\n  - { at: 1s, kill: agregator }\n`,
    "4:21 faults.0.kill: no such target; did you mean aggregator?",
  ],
  [
    "a fault step after the end",
    `${small}faults:\n  - { at: 70s, kill: aggregator }\n`,
    "4:11 faults.0.at: lies after the end of the load (70s, warm-up included)",
  ],
  [
    "a job that is not there",
    `${small}jobs: [jobs/kassandra.json]\n`,
    "3:8 jobs.0: jobs/kassandra.json cannot be read; the path is relative to the scenario's file",
  ],
  [
    "more workers than partitions",
    `${small}topics: { partitions: 2 }\nsimulator: { workers: 3 }\n`,
    "4:23 simulator.workers: is more than topics.partitions (2): a worker owns whole partitions",
  ],
  [
    "a metric that is none",
    `${small}thresholds: { sendLag: ["p(99)<20"] }\n`,
    "3:25 thresholds.sendLag.0: no such metric; did you mean sendLagMs?",
  ],
  [
    "a threshold that is none",
    `${small}thresholds:\n  sendLagMs: ["max<1s", "p99<20"]\n`,
    '4:25 thresholds.sendLagMs.1: "p99<20" is no threshold: write "p(99)<20", "max<5s" or "count>0"',
  ],
  ["a key that is there twice", `${small}seed: 1\nseed: 2\n`, "4:1 Map keys must be unique"],
])("%s is refused with its place", (_, text, fault) => {
  expect(faults(text)).toEqual([fault]);
});

test("all faults of a file are said at once, in their order", () => {
  const text = "name: A\nfleet: { devices: 0 }\nwindow: { grace: x, siz: 5m }\nreplai: []\n";
  expect(faults(text)).toEqual([
    "1:7 name: must be lower-case letters, digits and dashes",
    "2:19 fleet.devices: must be 1 to 100000000",
    "3:18 window.grace: is no duration: write 200ms, 30s, 5m, 1h or 7d",
    "3:21 window.siz: no such key; did you mean size?",
    "4:1 replai: no such key; did you mean replay?",
  ]);
});

test("a fault between values stands beside the faults of other values", () => {
  const text = `${small}window: { size: 5s }\ntopics: { partitions: 0 }\n`;
  expect(faults(text)).toEqual([
    "3:17 window.size: is smaller than the interval of readings (fleet.every: 10s)",
    "4:23 topics.partitions: must be 1 to 10000",
  ]);
});

test("what the command line set is named by its option", () => {
  expect(
    faults(small, { set: ["window.grase=5s", "window.size=1s"], seed: "x", for: "5" }),
  ).toEqual([
    "--seed x seed: must be a whole number, 0 to 4294967295",
    '--for 5 load.for: needs a unit, for example "5s"',
    "--set window.grase=5s window.grase: no such key; did you mean grace?",
    "--set window.size=1s window.size: is smaller than the interval of readings (fleet.every: 10s)",
  ]);
  expect(faults(small, { set: ["flet.devices="] })).toEqual([
    "--set flet.devices= flet.devices: the scenario does not set it, so there is nothing to take away",
  ]);
  expect(faults(small, { set: ["seed"] })).toEqual(["--set seed needs the form path=value"]);
  expect(faults(small, { set: ["name.x=1"] })).toEqual([
    "--set name.x=1 name.x: name is one value, nothing lies below it",
  ]);
});

test("a file that is no mapping, and one that is no YAML, are refused", () => {
  expect(faults("- 1\n")).toEqual(["1:1 holds no scenario: a mapping is expected"]);
  expect(faults("")).toEqual(["1:1 holds no scenario: a mapping is expected"]);
  expect(faults("a: [1\n")[0]).toMatch(/^2:1 /);
});

test("a bare name that is none gets the nearest one", () => {
  const loaded = loadScenario("quik");
  expect(loaded.ok ? [] : loaded.errors.map(printProblem)).toEqual([
    "quik is no scenario of this package; did you mean quick?",
  ]);
});

test("ten billion a day on 25,000 devices plays the fleet 46.3 times faster than life", () => {
  const { fleet, load } = scenarioOf(
    "name: a\nfleet: { devices: 25000 }\nload: { rate: 10b/day }\n",
  );
  expect(fleet.timeScale).toBeCloseTo(46.2963, 4);
  expect(load.ratePerSecond).toBeCloseTo(115_740.74, 2);
});

test("with a timeScale the devices follow, whole ones, and the rate is theirs", () => {
  const { fleet, load } = scenarioOf("name: a\nfleet: { timeScale: 7 }\nload: { rate: 100/s }\n");
  expect(fleet.devices).toBe(143);
  expect(load.ratePerSecond).toBeCloseTo(100.1, 9);
});

test("--rate replaces the rate, --for the length, and an empty --set takes a key away", () => {
  const text = "name: a\nfleet: { devices: 1000, timeScale: 2 }\n";
  const overrides = { set: ["fleet.timeScale="], rate: "1k/s", for: "20s", seed: "7" };
  const { fleet, load, seed } = scenarioOf(text, overrides);
  expect([fleet.timeScale, load.forMs, seed]).toEqual([10, 20_000, 7]);
});

test("--set reaches into lists and sets metrics that have dots", () => {
  const text = `${small}jobs: [jobs/elasticsearch.json, jobs/cassandra.json]\nfaults: [{ at: 1s, kill: aggregator }]\n`;
  const set = ["faults.0.at=2s", "thresholds.latencyMs.visible.cassandra=p(99)<5s", "jobs.1="];
  expect(scenarioOf(text, { set: set.slice(0, 2) }).faults[0]?.atMs).toBe(2_000);
  expect(scenarioOf(text, { set: set.slice(0, 2) }).thresholds[0]?.bound).toBe(5_000);
  expect(faults(text, { set })).toEqual([
    `--set ${set[1]} thresholds.latencyMs.visible.cassandra: no job of this scenario writes to cassandra`,
  ]);
});

test("a threshold is set as it is written, without YAML's quotes", () => {
  const set = ["thresholds.heldRate=>=98%", 'thresholds.sendLagMs=["p(99)<50", "max<1s"]'];
  const limits = scenarioOf(small, { set }).thresholds.map(({ limit }) => limit);
  expect(limits).toEqual([">=98%", "p(99)<50", "max<1s"]);
  expect(faults(small, { set: ["jobs=[1"] })[0]).toMatch(
    /^--set jobs=\[1 jobs: the value cannot be/,
  );
});

test("a load in which no window can close is a warning", () => {
  const loaded = read(small);
  expect(loaded.ok && loaded.warnings.map(({ message }) => message)).toEqual([
    "no window closes during the load: it covers 70s of event time, the first window closes after 330s",
  ]);
});

test("the first window closes early when the load begins in its midst", () => {
  const early = `${small}time: { start: 2026-01-15T00:04:40Z }\n`;
  const loaded = read(early);
  expect(loaded.ok && loaded.warnings).toEqual([]);
});

test("the plan's options are the scenario's values in event time", () => {
  const text = "name: a\nfleet: { devices: 10, every: 5s, timeScale: 4 }\nreadings: { late: 1% }\n";
  expect(planOptionsOf(scenarioOf(text))).toEqual({
    seed: 20180301,
    devices: 10,
    everyMs: 5_000,
    startAt: Date.UTC(2026, 0, 15),
    loadMs: 280_000,
    partitions: 8,
    format: "avro",
    window: {
      sizeMs: 300_000,
      graceMs: 30_000,
      retentionMs: 600_000,
      aheadMs: 3_600_000,
      quorum: 3,
    },
    mix: { outOfOrder: 0, revising: 0, late: 0.01, duplicated: 0, malformed: 0, missing: 0 },
  });
});

test("every scenario of the package loads, says what it is for, and prints as one that loads alike", () => {
  const listed = listScenarios();
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(["quick"]));
  for (const { name, file, purpose } of listed) {
    const loaded = loadScenario(name);
    if (!loaded.ok) throw new Error(loaded.errors.map(printProblem).join("\n"));
    expect(loaded.warnings).toEqual([]);
    expect(loaded.scenario.name).toBe(basename(file, ".yaml"));
    expect(purpose).toMatch(/^What happens when .*\.$/);
    const printed = readScenario(file, printScenario(loaded.scenario, join(file, "..")));
    expect(printed.ok && printed.scenario).toEqual(loaded.scenario);
  }
});
