/** Children that play a job: they kill themselves at a point, as `start-job` does, or never come by it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crashSlot, crashSlotAtStart } from "../../../harness/run/crash-slot.ts";
import { createProcessSlots } from "../../../harness/run/process-slots.ts";
import { systemClock as clock } from "../../../simulator/clock.ts";
import { temporaryRegistry } from "../process/fixture.ts";

const job = `
let armed;
const reach = (point) => {
  if (point !== armed) return;
  require("node:fs").writeSync(1, \`{"level":60,"msg":"ended at the crash point \${point}"}\\n\`);
  process.kill(process.pid, "SIGKILL");
};
process.on("message", (message) => {
  armed = message.point;
  process.send({ type: "crash-heard" });
});
setTimeout(() => { reach("after-assign"); process.send({ type: "ready" }); }, 100);
setInterval(() => reach("after-write"), 20);`;
/** Dies by itself of a signal that nobody sent from here, anywhere. */
const dying = `
process.send({ type: "ready" });
process.on("message", () => process.kill(process.pid, "SIGKILL"));`;

async function open(script = job) {
  const { registry, folder } = temporaryRegistry();
  const { signal } = new AbortController();
  const slots = createProcessSlots({ registry, clock, signal });
  const entry = join(folder, "job.cjs");
  writeFileSync(entry, script);
  await slots.start({ name: "a-0", entry, args: [], logFile: join(folder, "a.log"), nice: 0 });
  const over = new AbortController();
  return { slots, over, options: { slots, clock, over: over.signal, signal } };
}

test("a process that comes by its point has died there, and not unasked", async () => {
  const { slots, options } = await open();
  expect(await crashSlot("a-0", "after-write", options)).toBe(true);
  expect(slots.isRunning("a-0")).toBe(false);
  expect(slots.usage()["a-0"]?.exits).toEqual(["signal SIGKILL"]);
  expect(slots.deaths).toEqual([]);
  await slots.stopAll();
});

test("a process that has not come by it when the load is over lives on, and is missed when it dies", async () => {
  const { slots, over, options } = await open();
  over.abort();
  expect(await crashSlot("a-0", "before-checkpoint", options)).toBe(false);
  expect(slots.isRunning("a-0")).toBe(true);
  const died = new Promise((resolve) => slots.onDeath(resolve));
  slots.get("a-0").kill("SIGKILL");
  expect(await died).toMatchObject({ name: "a-0" });
  await slots.stopAll();
});

test("a point that only a start comes by: killed, started, dead there; the next life is unarmed", async () => {
  const { slots, options } = await open();
  expect(await crashSlotAtStart("a-0", "after-assign", options)).toBe(true);
  expect(slots.deaths).toEqual([]);
  await slots.restart("a-0");
  expect(slots.isRunning("a-0")).toBe(true);
  await slots.stopAll();
});

test("a death elsewhere is not one at the point", async () => {
  const { slots, options } = await open(dying);
  expect(await crashSlot("a-0", "after-write", options)).toBe(false);
  await slots.stopAll();
});
