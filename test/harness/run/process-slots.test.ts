import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isGroupStopped } from "../../../harness/process/stopped.ts";
import {
  createProcessSlots,
  type ProcessSlots,
  type SlotSpec,
} from "../../../harness/run/process-slots.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryRegistry, until } from "../process/fixture.ts";

/** Ends with a code of its own at SIGTERM, and hears it before it says that it is ready. */
const ready = `process.on("SIGTERM", () => process.exit(7));
process.send({ type: "ready" });
setInterval(() => {}, 1000);`;
const silent = "setInterval(() => {}, 1000);";

function open(): { slots: ProcessSlots; spec: (name: string, script?: string) => SlotSpec } {
  const { registry, folder } = temporaryRegistry();
  const { signal } = new AbortController();
  const slots = createProcessSlots({ registry, clock, signal });
  const spec = (name: string, script = ready): SlotSpec => {
    const entry = join(folder, `${name}.cjs`);
    writeFileSync(entry, script);
    return { name, entry, args: [], logFile: join(folder, `${name}.log`), nice: 0 };
  };
  return { slots, spec };
}

test("a suspended process stands still until it is resumed, and has not died", async () => {
  const { slots, spec } = open();
  const { pid } = await slots.start(spec("a-0"));
  expect(isGroupStopped(pid)).toBe(false);
  expect(await slots.suspend("a-0")).toBe(true);
  expect(isGroupStopped(pid)).toBe(true);
  expect(slots.isRunning("a-0")).toBe(true);
  slots.resume("a-0");
  await until(() => !isGroupStopped(pid), "the process to go on");
  await slots.stopAll();
  expect(slots.deaths).toEqual([]);
  expect(isGroupStopped(pid)).toBe(false);
});

test("a suspended process hears SIGTERM when it is stopped", async () => {
  const { slots, spec } = open();
  await slots.start(spec("a-0"));
  await slots.suspend("a-0");
  await slots.stop("a-0");
  expect(slots.usage()["a-0"]?.exits).toEqual(["exit code 7"]);
  expect(slots.isRunning("a-0")).toBe(false);
});

test("a suspended process can be killed", async () => {
  const { slots, spec } = open();
  await slots.start(spec("a-0"));
  await slots.suspend("a-0");
  await slots.kill("a-0");
  expect(slots.usage()["a-0"]?.exits).toEqual(["signal SIGKILL"]);
});

test("an instance that was stopped can be started again under its name", async () => {
  const { slots, spec } = open();
  await slots.start(spec("a-0"));
  await slots.start(spec("a-1"));
  await slots.stop("a-0");
  await slots.start(spec("a-0"));
  expect(slots.names()).toEqual(["a-0", "a-1"]);
  expect([slots.isRunning("a-0"), slots.isRunning("a-9")]).toEqual([true, false]);
  await slots.stopAll();
  expect(slots.usage()["a-0"]?.exits).toEqual(["exit code 7", "exit code 7"]);
});

test("the end of a run breaks off what is still being started", async () => {
  const { slots, spec } = open();
  const entry = spec("a-0", `require("node:fs").writeFileSync(__filename + ".up", "");${silent}`);
  const starting = slots.start(entry);
  const failed = expect(starting).rejects.toThrow("broken off while starting");
  await until(() => exists(`${entry.entry}.up`), "the process to run");
  await slots.stopAll();
  await failed;
  await expect(slots.start(spec("a-1"))).rejects.toThrow("broken off while starting");
});

test("a process that is not ready within its own time is ended", async () => {
  const { slots, spec } = open();
  const slow = { ...spec("a-0", silent), readyWithinMs: 300 };
  await expect(slots.start(slow)).rejects.toThrow("was not ready after 0.3 s");
  await slots.stopAll();
});

function exists(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

test("where a process offers REST is known while it runs, anew in each life", async () => {
  const { slots, spec } = open();
  const serving = ready.replace('"ready" }', '"ready", rest: "http://127.0.0.1:" + process.pid }');
  const first = await slots.start(spec("a-0", serving));
  await slots.start(spec("b-0"));
  expect(slots.restOf("a-0")).toBe(`http://127.0.0.1:${first.pid}`);
  expect(slots.restOf("b-0")).toBeUndefined();
  expect(slots.restOf("c-0")).toBeUndefined();
  await slots.suspend("a-0");
  expect(slots.restOf("a-0")).toBeUndefined();
  await slots.kill("a-0");
  expect(slots.restOf("a-0")).toBeUndefined();
  const second = await slots.restart("a-0");
  expect(slots.restOf("a-0")).toBe(`http://127.0.0.1:${second.pid}`);
  await slots.stopAll();
});

/** Ready, then held up for 200 ms once the meter has told of the start. */
const stalling = `${ready}
setTimeout(() => { const end = Date.now() + 200; while (Date.now() < end); }, 1300);`;

test("every process is measured without its doing, and its pauses are added up over its lives", async () => {
  const { slots, spec } = open();
  const samples = () => slots.pauses()["a-0"]?.eventLoopDelayMs?.count ?? 0;
  await slots.start(spec("a-0", stalling));
  expect(slots.pauses()).toEqual({ "a-0": {} });
  await until(() => samples() > 0, "the first life's pauses");
  const first = slots.pauses()["a-0"]!;
  expect(first.eventLoopDelayMs!.max).toBeGreaterThan(150);
  expect(first.gcPauseMs).toBeDefined();
  await slots.kill("a-0");
  expect(samples()).toBeGreaterThanOrEqual(first.eventLoopDelayMs!.count);
  const told = samples();
  await slots.restart("a-0");
  await until(() => samples() > told, "the second life's pauses");
  expect(slots.pauses()["a-0"]!.eventLoopDelayMs!.max).toBeGreaterThan(150);
  await slots.stopAll();
});

test("being measured holds no process open", async () => {
  const { slots, spec } = open();
  const brief = 'process.send({ type: "ready" }); setTimeout(() => process.disconnect(), 10);';
  const { exited } = await slots.start(spec("a-0", brief));
  expect(await exited).toEqual({ code: 0, signal: null });
});
