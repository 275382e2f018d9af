import { expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad, summaryOf } from "./run-command.ts";

const steps = [
  "{ at: 3s, start: job-cassandra-1 }",
  "{ at: 4s, pause: aggregator, for: 13s }",
  "{ at: 6s, kill: simulator-1 }",
  "{ at: 8s, kill: job-elasticsearch }",
  "{ at: 14s, stop: job-cassandra-0 }",
];

test("killed, stopped, replaced and shared out in one run: each fault is seen, and nothing is lost or doubled", async () => {
  const onStack = ["run", "zombie", "--stack", liveStack().name, ...smallLoad];
  const load = ["--rate", "10k/s", "--for", "18s", "--set", "simulator.workers=2"];
  const limits = ["--set", 'thresholds={ recoveredMs: "max<60s" }'];
  const faults = ["--set", `faults=[${steps.join(",")}]`];
  const { code, output, out } = await run([...onStack, ...load, ...limits, ...faults]);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
  const summary = summaryOf(out);
  const told = new Map(summary.faults.map((fault) => [`${fault.kind} ${fault.target}`, fault]));
  const effects: readonly (readonly [string, RegExp])[] = [
    ["start job-cassandra-1", /gave it \d partitions/],
    ["pause aggregator-0", /evicted it after .* join anew/],
    ["kill simulator-1", /SIGKILL/],
    ["kill job-elasticsearch-0", /SIGKILL/],
    ["stop job-cassandra-0", /job-cassandra-1 took its/],
  ];
  for (const [name, effect] of effects) {
    expect(told.get(name)?.effect).toMatch(effect);
    expect(told.get(name)?.recoveredMs).toBeGreaterThan(0);
  }
  expect(summary.faults).toHaveLength(effects.length);
  expect(summary.processes["aggregator-1"]?.exits).toEqual(["exit code 0"]);
  expect(summary.readings.unknown).toBeGreaterThan(0);
});

/** The small load's first windows close 6.6 s after it began. */
const wholes = [
  "{ at: 3s, restart: job-cassandra }",
  "{ at: 7s, read-only: elasticsearch, for: 4s }",
  "{ at: 8s, rebalance: job-cassandra, every: 2s, for: 8s }",
  "{ at: 9s, drop-member: aggregator }",
  "{ at: 12s, zombie: aggregator }",
  "{ at: 13s, poison: aggregated, for: 2s }",
  "{ at: 14s, skew: job-elasticsearch-1, by: 26h }",
];

test("read-only indices, a stranger, a zombie, a poison, a restart, a wrong clock in one run: nothing is lost or doubled", async () => {
  const onStack = ["run", "read-only-index", "--stack", liveStack().name, ...smallLoad];
  const load = ["--for", "18s"];
  const jobs = ["--set", "jobs.0={ file: jobs/elasticsearch.json, workers: 2 }"];
  const faults = ["--set", `faults=[${wholes.join(",")}]`];
  const { code, output, out } = await run([...onStack, ...load, ...jobs, ...faults]);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
  const summary = summaryOf(out);
  const told = new Map(summary.faults.map((fault) => [`${fault.kind} ${fault.target}`, fault]));
  const effects: readonly (readonly [string, RegExp])[] = [
    ["restart job-cassandra", /^1 task left the group and joined anew/],
    ["read-only elasticsearch", /refused every write for .* went on afterwards$/],
    ["rebalance job-cassandra", /joined its group 2 times .* generations \d+ to \d+ were seen/],
    ["drop-member aggregator-0", /threw 1 member of aggregator-0 out; joined anew after/],
    ["zombie aggregator-0", /took it back and went on .*; the second one was fenced: /],
    ["skew job-elasticsearch-1", /^job-elasticsearch-1 was started again with its clock 26h ahead/],
    ["poison aggregated", /task 0 of .*-cassandra failed: .* moved past it by its operator 2\.0 s/],
  ];
  for (const [name, effect] of effects) {
    expect(told.get(name)?.effect).toMatch(effect);
    expect(told.get(name)?.recoveredMs).toBeGreaterThan(0);
  }
  expect(summary.processes["job-elasticsearch-1"]?.exits).toEqual(["exit code 0", "exit code 0"]);
});
