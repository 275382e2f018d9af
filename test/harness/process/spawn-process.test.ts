import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processTable } from "../../../harness/process/process-table.ts";
import { type SpawnOptions, spawnProcess } from "../../../harness/process/spawn-process.ts";
import { temporaryRegistry, until } from "./fixture.ts";

function dummy(over: Partial<SpawnOptions> = {}): SpawnOptions & { logFile: string } {
  const { registry, folder } = temporaryRegistry();
  const logFile = join(folder, "logs", "dummy.log");
  return { name: "dummy", command: "sleep", args: ["300"], logFile, registry, ...over };
}

const node = (script: string): Partial<SpawnOptions> => ({
  command: process.execPath,
  args: ["-e", script],
});

test("a process has a group and a record of its own, until it is stopped", async () => {
  const options = dummy();
  const child = await spawnProcess(options);
  expect(processTable.entry(child.pid)?.groupId).toBe(child.pid);
  expect(options.registry.list()).toMatchObject([
    { kind: "process", process: { pid: child.pid }, owner: { pid: process.pid } },
  ]);
  expect(child.running).toBe(true);
  expect(await child.stop({ graceMs: 5_000 })).toEqual({ code: null, signal: "SIGTERM" });
  expect(child.running).toBe(false);
  expect(options.registry.list()).toEqual([]);
});

test("output and errors land in the log file, also of a process that ends by itself", async () => {
  const options = dummy({ command: "sh", args: ["-c", "echo out; echo err >&2; exit 7"] });
  const child = await spawnProcess(options);
  expect(await child.exited).toEqual({ code: 7, signal: null });
  expect(readFileSync(options.logFile, "utf8")).toBe("out\nerr\n");
  expect(options.registry.list()).toEqual([]);
});

test("stopping ends the children too, and kills what does not listen to SIGTERM", async () => {
  const script = "trap '' TERM; sleep 300 & echo ready; while true; do sleep 1; done";
  const options = dummy({ command: "sh", args: ["-c", script] });
  const child = await spawnProcess(options);
  await until(() => readFileSync(options.logFile, "utf8").includes("ready"), "the trap");
  expect(processTable.group(child.pid).length).toBeGreaterThan(1);
  expect(await child.stop({ graceMs: 100 })).toEqual({ code: null, signal: "SIGKILL" });
  expect(processTable.group(child.pid)).toEqual([]);
});

test("a child of a dead leader is still ours to end", async () => {
  const options = dummy({ command: "sh", args: ["-c", "sleep 300 & exit 0"] });
  const child = await spawnProcess(options);
  await child.exited;
  expect(options.registry.list()).toHaveLength(1);
  await child.stop({ graceMs: 5_000 });
  expect(processTable.group(child.pid)).toEqual([]);
  expect(options.registry.list()).toEqual([]);
});

test("a process runs at the lower priority that was asked for", async () => {
  const child = await spawnProcess(dummy({ nice: 7 }));
  await until(() => getPriority(child.pid) === 7, "the priority");
  // Where Linux shares the machine out by session, the session has it too.
  const autogroup = `/proc/${child.pid}/autogroup`;
  const ofSession = (): string =>
    existsSync(autogroup) ? readFileSync(autogroup, "utf8") : "nice 7";
  await until(() => ofSession().includes("nice 7"), "the priority of its session");
  await child.stop({ graceMs: 5_000 });
});

test("messages go both ways over the channel, also below `nice`", async () => {
  const echo = "process.on('message', (m) => process.send({ echo: m }))";
  const child = await spawnProcess(dummy({ ...node(echo), ipc: true, nice: 1 }));
  const answer = new Promise((resolve) => child.onMessage(resolve));
  expect(child.send({ hello: 1 })).toBe(true);
  expect(await answer).toEqual({ echo: { hello: 1 } });
  await child.stop({ graceMs: 5_000 });
  expect(child.send({ hello: 2 })).toBe(false);
});

test("what a process has used is known while it runs and after it has gone", async () => {
  const child = await spawnProcess(dummy(node("for (;;);")));
  await until(() => child.usage().cpuSeconds >= 0.2, "some work");
  await child.stop({ graceMs: 0 });
  expect(child.usage().cpuSeconds).toBeGreaterThanOrEqual(0.2);
  expect(child.usage().maxRssBytes).toBeGreaterThan(10_000_000);
});

test("a command that does not exist is one clear error and leaves no record", async () => {
  const options = dummy({ command: "/no/such/command" });
  await expect(spawnProcess(options)).rejects.toMatchObject({ code: "spawn-failed" });
  expect(options.registry.list()).toEqual([]);
});

test("the environment is laid over ours, and a variable can be taken away", async () => {
  const env = { FLEETPROOF_TEST: "yes", HOME: undefined };
  const script = 'echo "$FLEETPROOF_TEST-$HOME-$PATH"';
  const options = dummy({ command: "sh", args: ["-c", script], env });
  await (await spawnProcess(options)).exited;
  expect(readFileSync(options.logFile, "utf8")).toBe(`yes--${process.env["PATH"]}\n`);
});
