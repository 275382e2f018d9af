import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endOrphans } from "../../../harness/process/end-orphans.ts";
import { membersOf } from "../../../harness/process/process-group.ts";
import { identityOf, isAlive, ownIdentity } from "../../../harness/process/process-table.ts";
import { markOf, openRegistry } from "../../../harness/process/registry.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryRegistry, until } from "./fixture.ts";

const nobody = { pid: 2 ** 22 + 1, startTime: "long ago" };

/** Starts `sleep` with the mark of record `id`. */
function sleeper(id = "none") {
  const [variable = "", value] = markOf(id).split("=");
  const env = { ...process.env, [variable]: value };
  const child = spawn("sleep", ["300"], { detached: true, stdio: "ignore", env });
  const identity = identityOf(child.pid ?? 0);
  if (identity === undefined) throw new Error("sleep did not start");
  return { child, identity };
}

test("a harness killed by -9 leaves a process and a folder; the next start ends both", async () => {
  const { registry, folder } = temporaryRegistry();
  const source = (path: string) => JSON.stringify(new URL(`../../../${path}`, import.meta.url));
  const script = `
    const { openRegistry } = await import(${source("harness/process/registry.ts")});
    const { spawnProcess } = await import(${source("harness/process/spawn-process.ts")});
    const { claimFolder } = await import(${source("harness/process/claimed-folder.ts")});
    const folder = ${JSON.stringify(folder)};
    const registry = openRegistry(folder + "/registry", console.error);
    claimFolder({ path: folder + "/data", purpose: "data", registry });
    await spawnProcess({ name: "x", command: "sh", args: ["-c", "sleep 301 & sleep 300"],
      logFile: folder + "/x.log", registry });
    console.log("started");`;
  const args = ["--input-type=module", "-e", script];
  const harness = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await once(harness.stdout, "data");
  const record = registry.list().find(({ kind }) => kind === "process");
  if (record?.kind !== "process") throw new Error("no record of the process");
  const process_ = record.process;
  if (process_ === undefined) throw new Error("the record names no process");
  // The shell begins its first child when it comes to it.
  await until(() => membersOf(record).length > 1, "the shell's children");
  expect(await endOrphans({ registry, clock })).toEqual({ processes: [], folders: [] });
  harness.kill("SIGKILL");
  await once(harness, "exit");

  const next = openRegistry(join(folder, "registry"), () => undefined);
  const ended = await endOrphans({ registry: next, clock });
  expect(ended.processes).toHaveLength(1);
  expect(ended.processes[0]?.pids.length).toBeGreaterThan(1);
  expect(ended.folders).toEqual([join(folder, "data")]);
  expect(isAlive(process_)).toBe(false);
  expect(existsSync(join(folder, "data"))).toBe(false);
  expect(next.list()).toEqual([]);
});

test("a process whose record was not completed is found by its mark", async () => {
  const { registry } = temporaryRegistry();
  const { identity } = sleeper("half-written");
  registry.put({ kind: "process", id: "half-written", purpose: "x", owner: nobody });
  await until(() => environmentOf(identity.pid).includes("half-written"), "the exec of sleep");
  await endOrphans({ registry, clock });
  expect(isAlive(identity)).toBe(false);
});

test("a process that merely has a recorded pid is left alone", async () => {
  const { registry } = temporaryRegistry();
  const { child, identity } = sleeper();
  const stale = { pid: identity.pid, startTime: "another time" };
  registry.put({ kind: "process", id: "stale", purpose: "x", owner: nobody, process: stale });
  expect(await endOrphans({ registry, clock })).toEqual({ processes: [], folders: [] });
  expect(isAlive(identity)).toBe(true);
  expect(registry.list()).toEqual([]);
  child.kill("SIGKILL");
});

test("what belongs to a kept stack or to a living owner stays", async () => {
  const { registry, folder } = temporaryRegistry();
  const { child, identity } = sleeper();
  const common = { kind: "process", purpose: "x", process: identity } as const;
  registry.put({ ...common, id: "kept", owner: nobody, stack: "default" });
  registry.put({ ...common, id: "owned", owner: ownIdentity() });
  const path = join(folder, "data");
  registry.put({ kind: "folder", id: "f", purpose: "x", path, owner: nobody, stack: "default" });
  expect(await endOrphans({ registry, clock })).toEqual({ processes: [], folders: [] });
  expect(isAlive(identity)).toBe(true);
  expect(registry.list()).toHaveLength(3);
  child.kill("SIGKILL");
});

test("a recorded folder without our mark is never removed", async () => {
  const { registry, folder } = temporaryRegistry();
  const path = join(folder, "precious");
  mkdirSync(path);
  writeFileSync(join(path, "file"), "x");
  registry.put({ kind: "folder", id: "f", purpose: "x", path, owner: nobody });
  expect((await endOrphans({ registry, clock })).folders).toEqual([]);
  expect(existsSync(join(path, "file"))).toBe(true);
});

function environmentOf(pid: number): string {
  return readFileSync(`/proc/${pid}/environ`, "utf8");
}
