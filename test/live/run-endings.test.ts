import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { processTable } from "../../harness/process/process-table.ts";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import { liveStack } from "./live-stack.ts";
import { type Command, run, smallLoad, start, summaryOf } from "./run-command.ts";

const registry = registryOf(homeOf(process.env), console.warn);
const deadlineMs = 120_000;

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = clock.monotonicMs() + deadlineMs;
  while (!holds()) {
    if (clock.monotonicMs() > end) throw new Error(`Waited ${deadlineMs / 1000} s for ${what}.`);
    await clock.sleep(50);
  }
}

/** Group ids of everything that this harness has started and that is on record. */
function groupsOf({ process: harness }: Command): readonly number[] {
  return registry
    .list()
    .flatMap((record) =>
      record.kind === "process" && record.owner.pid === harness.pid && record.process !== undefined
        ? [record.process.pid]
        : [],
    );
}

function alive(groups: readonly number[]): readonly number[] {
  return groups.filter((group) => processTable.group(group).length > 0);
}

function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8");
}

test("a harness killed by -9 leaves nothing to the next run, which PASSES", async () => {
  const killed = start(["run", "quick", ...smallLoad]);
  await until(() => /\d{2}%/.test(killed.output()) || /\bload\b/.test(killed.output()), "its load");
  const groups = groupsOf(killed);
  // Three servers, aggregator, two persisting jobs, observer, simulator.
  expect(groups.length).toBe(8);
  killed.process.kill("SIGKILL");
  await killed.ended;
  const next = await run(["run", "quick", ...smallLoad]);
  expect(next.output).toContain("of a broken-off run");
  expect(next.output).toContain("PASS");
  expect(next.code).toBe(0);
  expect(alive(groups)).toEqual([]);
});

test("the first Ctrl-C cuts the load, drains and judges; nothing is left: exit 130", async () => {
  // Under five minutes: the stack is then one for short runs, and up in half the time.
  const long = ["--for", "4m", "--set", "replay=[]"];
  const command = start(["run", "quick", ...smallLoad, ...long]);
  await until(() => /\bload\b/.test(command.output()), "the load");
  const groups = groupsOf(command);
  await clock.sleep(2_000);
  command.process.kill("SIGINT");
  expect((await command.ended).code).toBe(130);
  expect(command.output()).toContain("interrupted");
  expect(summaryOf(command.out)).toMatchObject({ verdict: "PASS", interrupted: true });
  expect(alive(groups)).toEqual([]);
});

test("the second Ctrl-C ends at once; nothing is left: exit 130", async () => {
  const command = start([
    "run",
    "quick",
    "--stack",
    liveStack().name,
    ...smallLoad,
    "--for",
    "10m",
  ]);
  await until(() => /\bload\b/.test(command.output()), "the load");
  const groups = groupsOf(command);
  expect(groups.length).toBe(5);
  command.process.kill("SIGINT");
  await until(() => command.output().includes("Interrupted"), "the first to be heard");
  command.process.kill("SIGINT");
  expect((await command.ended).code).toBe(130);
  expect(alive(groups)).toEqual([]);
});

test("a simulator worker that no fault killed leaves the run undecided: UNKNOWN, exit 5", async () => {
  const args = ["--stack", liveStack().name, ...smallLoad, "--set", "replay=[]"];
  const command = start(["run", "quick", ...args]);
  await until(() => /\bload\b/.test(command.output()), "the load");
  const groups = groupsOf(command);
  const worker = groups.find((group) => commandLine(group).includes("start-worker"));
  process.kill(worker ?? 0, "SIGKILL");
  expect((await command.ended).code).toBe(5);
  const { verdict, reasons } = summaryOf(command.out);
  expect(verdict).toBe("UNKNOWN");
  expect(reasons.join()).toContain("simulator-0 died");
  expect(alive(groups)).toEqual([]);
});

test("a server that dies in mid-run leaves the run undecided: UNKNOWN, exit 5", async () => {
  const command = start(["run", "quick", ...smallLoad, "--set", "replay=[]"]);
  await until(() => /\bload\b/.test(command.output()), "the load");
  const groups = groupsOf(command);
  const cassandra = groups.find((group) => commandLine(group).includes("CassandraDaemon"));
  process.kill(cassandra ?? 0, "SIGKILL");
  const { code } = await command.ended;
  expect(command.output()).toContain("cassandra died");
  expect(code).toBe(5);
  expect(summaryOf(command.out)).toMatchObject({ verdict: "UNKNOWN" });
  expect(alive(groups)).toEqual([]);
});
