/** How a run ends before its time, on the shared servers: the right verdict and exit code, and nothing is left. */
import { expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { smallLoad, start, summaryOf } from "./run-command.ts";
import { alive, commandLine, groupsOf, untilReadingsAcked } from "./run-processes.ts";
import { until } from "./until.ts";

const startRun = (...more: readonly string[]) =>
  start(["run", "quick", "--stack", liveStack().name, ...smallLoad, "--set", "replay=[]", ...more]);

test("the first Ctrl-C cuts the load, drains and judges; nothing is left: exit 130", async () => {
  const command = startRun("--for", "10m");
  await untilReadingsAcked(command);
  const groups = groupsOf(command);
  // Aggregator, two persisting jobs, observer, simulator.
  expect(groups.length).toBe(5);
  command.process.kill("SIGINT");
  expect((await command.ended).code).toBe(130);
  expect(command.output()).toContain("interrupted");
  const summary = summaryOf(command.out);
  expect(summary).toMatchObject({ verdict: "PASS", interrupted: true });
  expect(summary.readings.acked).toBeGreaterThan(0);
  expect(alive(groups)).toEqual([]);
});

test("the second Ctrl-C ends at once; nothing is left: exit 130", async () => {
  const command = startRun("--for", "10m");
  await untilReadingsAcked(command);
  const groups = groupsOf(command);
  expect(groups.length).toBe(5);
  command.process.kill("SIGINT");
  await until(() => command.output().includes("Interrupted"), "the first to be heard");
  command.process.kill("SIGINT");
  expect((await command.ended).code).toBe(130);
  expect(alive(groups)).toEqual([]);
});

test("a simulator worker that no fault killed leaves the run undecided: UNKNOWN, exit 5", async () => {
  const command = startRun();
  await untilReadingsAcked(command);
  const groups = groupsOf(command);
  const worker = groups.find((group) => commandLine(group).includes("start-worker"));
  process.kill(worker ?? 0, "SIGKILL");
  expect((await command.ended).code).toBe(5);
  const { verdict, reasons } = summaryOf(command.out);
  expect(verdict).toBe("UNKNOWN");
  expect(reasons.join()).toContain("simulator-0 died");
  expect(alive(groups)).toEqual([]);
});
