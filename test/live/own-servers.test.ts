/**
 * Servers that come up for a test alone: started, interrupted, kept, orphaned, dying. They run when all other live tests
 * are over (project `servers`), and use no shared stack.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { endOrphans } from "../../harness/process/end-orphans.ts";
import { membersOf } from "../../harness/process/process-group.ts";
import type { ProcessRecord, RegistryRecord } from "../../harness/process/registry.ts";
import { serverNames } from "../../harness/stack/artifacts.ts";
import { stackDown, stackStatus, stackUp } from "../../harness/stack/kept-stacks.ts";
import { openStack } from "../../harness/stack/open-stack.ts";
import { startStack } from "../../harness/stack/start-stack.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import { expectAnswers, expectNothingLeft, home, options, owner, registry } from "./own-servers.ts";
import { run, smallLoad, start, summaryOf } from "./run-command.ts";
import { alive, groupsOf, untilReadingsAcked } from "./run-processes.ts";
import { until } from "./until.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-live-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const { signal } = new AbortController();
const isProcess = (record: RegistryRecord): record is ProcessRecord => record.kind === "process";

test("a stack comes up, answers, reports a death, and goes without a trace but its logs", async () => {
  const folder = temporaryFolder();
  const id = `life-${randomUUID().slice(0, 8)}`;
  const stack = await startStack({ ...options, id, folder });
  await expectAnswers(stack);
  for (const server of serverNames) {
    expect(stack[server].process.usage().cpuSeconds).toBeGreaterThan(1);
  }
  const { pid } = stack.elasticsearch.process;
  // The end that a fault step brings is no death.
  await stack.restart("elasticsearch", { graceMs: 30_000, signal });
  expect(stack.elasticsearch.process.pid).not.toBe(pid);
  await expectAnswers(stack);
  stack.cassandra.process.kill("SIGKILL");
  expect(await stack.died).toMatchObject({ server: "cassandra", signal: "SIGKILL" });
  await stack.stop();
  expectNothingLeft(stack);
  for (const server of serverNames) {
    expect(existsSync(join(folder, "logs", `${server}.log`))).toBe(true);
  }
});

test("interrupted while it starts, a stack leaves nothing but logs", async () => {
  const interrupt = new AbortController();
  const id = `cut-${randomUUID().slice(0, 8)}`;
  const ours = (): readonly RegistryRecord[] =>
    registry.list().filter(({ purpose }) => purpose.endsWith(id));
  const starting = startStack({
    ...options,
    id,
    folder: temporaryFolder(),
    signal: interrupt.signal,
  });
  const rejected = expect(starting).rejects.toThrow("Ctrl-C");
  await until(() => ours().filter(isProcess).length === 3, "three servers");
  const records = ours();
  interrupt.abort(new Error("Ctrl-C"));
  await rejected;
  expect(ours()).toEqual([]);
  for (const record of records) {
    if (record.kind === "process") expect(membersOf(record)).toEqual([]);
    else expect(existsSync(record.path)).toBe(false);
  }
});

test("of a harness killed by -9 while its servers start, the next one leaves nothing", async () => {
  const child = owner("start", temporaryFolder());
  const ours = (): RegistryRecord[] =>
    registry.list().filter((record) => record.owner.pid === child.pid);
  const servers = (): ProcessRecord[] => ours().filter(isProcess);
  const running = (): number => servers().filter((record) => membersOf(record).length > 0).length;
  await until(() => running() === 3, "three servers");
  const records = servers();
  const folders = ours().flatMap((record) => (record.kind === "folder" ? [record.path] : []));
  expect(folders.length).toBeGreaterThan(0);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(running()).toBe(3);

  const ended = await endOrphans({ registry, clock });
  expect(ended.processes).toHaveLength(3);
  expect(ended.folders.toSorted()).toEqual(folders.toSorted());
  for (const record of records) expect(membersOf(record)).toEqual([]);
  for (const folder of folders) expect(existsSync(folder)).toBe(false);
});

test("a harness killed by -9 in mid-run leaves nothing to the next run, which PASSES", async () => {
  const killed = start(["run", "quick", ...smallLoad]);
  await untilReadingsAcked(killed);
  const groups = groupsOf(killed);
  // Three servers, aggregator, two persisting jobs, observer, simulator.
  expect(groups.length).toBe(8);
  killed.process.kill("SIGKILL");
  await killed.ended;
  const next = await run(["run", "quick", ...smallLoad, "--set", "replay=[]"]);
  expect(next.output).toContain("of a broken-off run");
  expect(next.output).toContain("PASS");
  expect(next.code).toBe(0);
  expect(alive(groups)).toEqual([]);
});

describe("a kept stack", () => {
  const name = `test-${randomUUID().slice(0, 8)}`;
  const isKept = (): boolean => stackStatus(home).some((status) => status.name === name);

  beforeAll(async () => {
    const [code] = await once(owner("keep", name), "exit");
    expect(code).toBe(0);
  });

  afterAll(async () => {
    if (isKept()) await stackDown(name, options);
  });

  test("outlives who started it, and stays when another one has used it", async () => {
    await endOrphans({ registry, clock });
    expect(stackStatus(home).find((stack) => stack.name === name)).toMatchObject({
      state: "up",
      servers: [{ running: true }, { running: true }, { running: true }],
    });
    await expect(stackUp(name, options)).rejects.toMatchObject({ code: "stack-exists" });
    const stack = openStack(name, { home, clock });
    await expectAnswers(stack);
    await stack.restart("kafka", { graceMs: 0, signal });
    await expectAnswers(stack);
    await stack.stop();
    await expectAnswers(stack);
    expect(stackStatus(home).find((each) => each.name === name)?.state).toBe("up");
  });

  test("one of whose servers dies in mid-run leaves the run undecided: UNKNOWN, exit 5", async () => {
    const args = ["--stack", name, ...smallLoad, "--set", "replay=[]"];
    const command = start(["run", "quick", ...args]);
    await untilReadingsAcked(command);
    const groups = groupsOf(command);
    await using stack = openStack(name, { home, clock });
    stack.cassandra.process.kill("SIGKILL");
    const { code } = await command.ended;
    expect(command.output()).toContain("cassandra died");
    expect(code).toBe(5);
    expect(summaryOf(command.out)).toMatchObject({ verdict: "UNKNOWN" });
    expect(alive(groups)).toEqual([]);
  });

  test("that has lost a server is refused, exit 2, and ended by its name without a trace", async () => {
    const { code, output } = await run(["run", "quick", "--stack", name]);
    expect(output).toContain("cassandra has ended");
    expect(code).toBe(2);
    const records = registry.list().filter(({ stack }) => stack === name);
    expect(records.length).toBeGreaterThan(3);
    await stackDown(name, options);
    expect(isKept()).toBe(false);
    for (const record of records) {
      if (record.kind === "process") expect(membersOf(record)).toEqual([]);
      else expect(existsSync(record.path)).toBe(false);
    }
    expect(registry.list().filter(({ stack }) => stack === name)).toEqual([]);
  });
});
