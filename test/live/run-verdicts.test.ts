import { expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad, summaryOf } from "./run-command.ts";

const onStack = (): string[] => ["--stack", liveStack().name];

test("a crash of the aggregator and a replay of everything change nothing: PASS, exit 0", async () => {
  const faults = "faults=[{ at: 5s, kill: aggregator }]";
  const args = ["run", "quick", ...onStack(), ...smallLoad, "--set", faults];
  const { code, output, out } = await run(args);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
  const summary = summaryOf(out);
  expect(summary).toMatchObject({ schema: 1, verdict: "PASS", interrupted: false, findings: [] });
  const upToTwelve = Array.from({ length: 12 }, (_, nth) => `C${nth + 1}`);
  expect(summary.clauses.map(({ clause }) => clause)).toEqual(upToTwelve);
  expect(summary.canary).toEqual({ planted: 9, caught: 9 });
  expect(summary.readings.planned).toBeGreaterThan(170_000);
  expect(summary.readings.acked).toBe(summary.readings.planned);
  const { elasticsearch, cassandra } = summary.stores;
  expect(elasticsearch?.found).toBeGreaterThan(7_000);
  expect(cassandra).toEqual(elasticsearch);
  expect(summary.faults).toMatchObject([{ kind: "kill", target: "aggregator-0" }]);
  expect(summary.faults[0]?.effect).toContain("SIGKILL");
  expect(summary.faults[0]?.recoveredMs).toBeGreaterThan(0);
  expect(summary.replay).toMatchObject([{ identical: true }]);
  expect(summary.replay[0]?.storeEvidence["elasticsearch"]).toBeGreaterThan(7_000);
  expect(summary.processes["aggregator-0"]?.exits.length).toBe(2);
});

test("readings by kafkajs and as JSON are judged alike", async () => {
  const client = ["--set", "simulator.client=kafkajs", "--set", "readings.format=json"];
  const slow = ["--rate", "5k/s", "--set", "fleet.devices=1000", "--set", "replay=[]"];
  const { code, output } = await run([
    "run",
    "quick",
    ...onStack(),
    ...smallLoad,
    ...slow,
    ...client,
  ]);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
});

test("a generator that cannot keep its schedule proves nothing: INVALID, exit 6", async () => {
  const impossible = ["--set", 'thresholds={ heldRate: [">=500%"] }', "--set", "replay=[]"];
  const short = ["--for", "2s", "--set", "load.warmUp=1s"];
  const args = [...onStack(), ...smallLoad, ...short, ...impossible];
  const { code, out } = await run(["run", "quick", ...args]);
  expect(code).toBe(6);
  expect(summaryOf(out).reasons.join()).toContain("heldRate");
});
