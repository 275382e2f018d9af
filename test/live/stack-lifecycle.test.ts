import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { endOrphans } from "../../harness/process/end-orphans.ts";
import { membersOf } from "../../harness/process/process-group.ts";
import { processTable } from "../../harness/process/process-table.ts";
import type { ProcessRecord, RegistryRecord } from "../../harness/process/registry.ts";
import { serverNames } from "../../harness/stack/artifacts.ts";
import { cassandra } from "../../harness/stack/cassandra.ts";
import { elasticsearch } from "../../harness/stack/elasticsearch.ts";
import { homeOf, registryOf } from "../../harness/stack/home.ts";
import { kafka } from "../../harness/stack/kafka.ts";
import { stackDown, stackStatus, stackUp } from "../../harness/stack/kept-stacks.ts";
import { openStack } from "../../harness/stack/open-stack.ts";
import type { RunningStack } from "../../harness/stack/running-stack.ts";
import { startStack } from "../../harness/stack/start-stack.ts";
import { systemClock as clock } from "../../simulator/clock.ts";

const home = homeOf(process.env);
const registry = registryOf(home, console.warn);
const { signal } = new AbortController();
const options = { home, registry, clock, signal };

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fleetproof-live-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits for a condition, at most a minute. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = clock.monotonicMs() + 60_000;
  while (!holds()) {
    if (clock.monotonicMs() > deadline) throw new Error(`Waited 60 s for ${what}.`);
    await clock.sleep(50);
  }
}

function owner(...args: string[]): ChildProcess {
  const script = new URL("./stack-owner.ts", import.meta.url).pathname;
  return spawn(process.execPath, [script, ...args], { stdio: ["ignore", "inherit", "inherit"] });
}

/** Asks all three what a client would ask. */
async function expectAnswers(stack: RunningStack): Promise<void> {
  await kafka.probe(stack.kafka);
  await elasticsearch.probe(stack.elasticsearch);
  await cassandra.probe(stack.cassandra);
}

function expectNothingLeft(stack: RunningStack): void {
  for (const server of serverNames) {
    expect(processTable.group(stack[server].process.pid)).toEqual([]);
  }
  for (const folder of stack.dataFolders) expect(existsSync(folder)).toBe(false);
  expect(registry.list().filter((record) => record.purpose.includes(stack.id))).toEqual([]);
}

test("a stack comes up, answers, reports a death, and goes without a trace but its logs", async () => {
  const folder = await temporaryFolder();
  const id = `life-${randomUUID().slice(0, 8)}`;
  const stack = await startStack({ ...options, id, folder });
  await expectAnswers(stack);
  for (const server of serverNames) {
    expect(stack[server].process.usage().cpuSeconds).toBeGreaterThan(1);
  }
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
    folder: await temporaryFolder(),
    signal: interrupt.signal,
  });
  const rejected = expect(starting).rejects.toThrow("Ctrl-C");
  await until(() => ours().filter(({ kind }) => kind === "process").length === 3, "three servers");
  const records = ours();
  interrupt.abort(new Error("Ctrl-C"));
  await rejected;
  expect(ours()).toEqual([]);
  for (const record of records) {
    if (record.kind === "process") expect(membersOf(record)).toEqual([]);
    else expect(existsSync(record.path)).toBe(false);
  }
});

test("a kept stack outlives who started it, and is used and ended by its name", async () => {
  const name = `test-${randomUUID().slice(0, 8)}`;
  const [code] = await once(owner("keep", name), "exit");
  expect(code).toBe(0);
  await endOrphans({ registry, clock });
  expect(stackStatus(home).find((stack) => stack.name === name)).toMatchObject({
    state: "up",
    servers: [{ running: true }, { running: true }, { running: true }],
  });
  await expect(stackUp(name, options)).rejects.toMatchObject({ code: "stack-exists" });
  const stack = openStack(name, { home, clock });
  await expectAnswers(stack);
  await stack.stop();
  await expectAnswers(stack);
  await stackDown(name, options);
  expectNothingLeft(stack);
  expect(stackStatus(home).map((status) => status.name)).not.toContain(name);
});

test("of a harness killed by -9 while its servers start, the next one leaves nothing", async () => {
  const child = owner("start", await temporaryFolder());
  const of = (record: RegistryRecord): boolean => record.owner.pid === child.pid;
  const isProcess = (record: RegistryRecord): record is ProcessRecord => record.kind === "process";
  const servers = (): ProcessRecord[] => registry.list().filter(of).filter(isProcess);
  const running = (): number => servers().filter((record) => membersOf(record).length > 0).length;
  await until(() => running() === 3, "three servers");
  const records = servers();
  const folders = registry
    .list()
    .filter(of)
    .flatMap((r) => (r.kind === "folder" ? [r.path] : []));
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
