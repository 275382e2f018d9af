import { afterEach, expect, test } from "vitest";
import { FleetError } from "../../../../harness/run/fleet/fleet.ts";
import type { WorkerProgress, WorkerReport } from "../../../../simulator/worker-protocol.ts";
import { type PlayedFleet, playFleet } from "./fleet-fixture.ts";

const played: PlayedFleet[] = [];
afterEach(() => {
  for (const each of played.splice(0)) each.remove();
});

async function play(workers = 2): Promise<PlayedFleet> {
  const made = await playFleet(workers);
  played.push(made);
  return made;
}

const originMs = 5_000;
const start = { type: "start", atWallMs: originMs } as const;

function loadDone(endedAtEventMs: number): WorkerReport {
  return { type: "load-done", endedAtEventMs, sends: 0, acked: 0, failed: 0, unknown: 0 };
}

function progress(acked: number): WorkerProgress {
  const rest = { failed: 0, unknown: 0, sentEventMs: 0, lateSendsMsP99: 0, behindMs: 0 };
  return { type: "progress", sends: acked, acked, ...rest };
}

/** Whether a promise has settled, once everything that can run has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise<false>((resolve) => setImmediate(() => resolve(false)));
  return Promise.race([promise.then(() => true), turn]);
}

test("a killed worker is started with the same config, at the same origin, told to resume", async () => {
  const { fleet, lives, kill } = await play();
  fleet.start(originMs);
  await kill("simulator-1");
  await fleet.restart("simulator-1");
  const [first, second] = lives(1);
  expect(second!.spec).toEqual(first!.spec);
  expect(first!.told).toEqual([start]);
  expect(second!.told).toEqual([{ ...start, resume: true }]);
  expect(lives(0)).toHaveLength(1);
});

test("killed before the load began, it begins with the others", async () => {
  const { fleet, lives, kill } = await play();
  await kill("simulator-0");
  await fleet.restart("simulator-0");
  expect(lives(0)[1]!.told).toEqual([]);
  fleet.start(originMs);
  expect(lives(0)[1]!.told).toEqual([start]);
});

test("the load waits for a killed worker, and for its end, not for what it said before it died", async () => {
  const { fleet, lives, kill } = await play();
  fleet.start(originMs);
  lives(0)[0]!.say(loadDone(900));
  await kill("simulator-0");
  lives(0)[0]!.say(loadDone(900));
  lives(1)[0]!.say(loadDone(900));
  expect(await settled(fleet.loadDone)).toBe(false);
  await fleet.restart("simulator-0");
  expect(lives(0)[1]!.told).toEqual([{ ...start, resume: true, cutAtEventMs: 900 }]);
  lives(0)[1]!.say(loadDone(900));
  expect(await fleet.loadDone).toBe(900);
});

test("a cut that it missed is told with its start; further on than the cut, it takes the others along", async () => {
  const { fleet, lives, kill } = await play();
  fleet.start(originMs);
  await kill("simulator-0");
  fleet.cut(500);
  lives(1)[0]!.say(loadDone(500));
  await fleet.restart("simulator-0");
  expect(lives(0)[1]!.told).toEqual([{ ...start, resume: true, cutAtEventMs: 500 }]);
  lives(0)[1]!.say(loadDone(530));
  expect(lives(1)[0]!.told.at(-1)).toEqual({ type: "cut", atEventMs: 530 });
  lives(1)[0]!.say(loadDone(530));
  expect(await fleet.loadDone).toBe(530);
});

test("killed between the load's end and its closing readings, it is asked for them again", async () => {
  const { fleet, lives, kill } = await play(1);
  fleet.start(originMs);
  lives(0)[0]!.say(loadDone(900));
  await fleet.loadDone;
  await kill("simulator-0");
  const closing = fleet.close();
  await fleet.restart("simulator-0");
  expect(lives(0)[1]!.told.at(-1)).toEqual({ type: "close-windows" });
  lives(0)[1]!.say({ type: "closed", planned: 3, acked: 3 });
  await closing;
});

test("a worker that refuses to go on fails the fleet, with its reason", async () => {
  const { fleet, lives, kill } = await play(1);
  fleet.start(originMs);
  lives(0)[0]!.say(loadDone(900));
  const closing = fleet.close();
  await kill("simulator-0");
  await fleet.restart("simulator-0");
  lives(0)[1]!.say({ type: "failed", message: "closing readings had begun" });
  await expect(closing).rejects.toThrow("simulator-0 failed: closing readings had begun");
});

test("sums do not fall while a killed worker is away", async () => {
  const { fleet, lives, kill } = await play();
  fleet.start(originMs);
  lives(0)[0]!.say(progress(40));
  lives(1)[0]!.say(progress(60));
  await kill("simulator-0");
  expect(fleet.progress()).toMatchObject({ sends: 100, acked: 100 });
  await fleet.restart("simulator-0");
  expect(fleet.progress()).toMatchObject({ sends: 100, acked: 100 });
  lives(0)[1]!.say(progress(45));
  expect(fleet.progress()).toMatchObject({ sends: 105, acked: 105 });
});

test("a worker that dies unasked fails the fleet, also in its second life", async () => {
  const { fleet, lives, kill } = await play();
  fleet.start(originMs);
  await kill("simulator-1");
  await fleet.restart("simulator-1");
  await lives(1)[1]!.die();
  await expect(fleet.loadDone).rejects.toThrow("simulator-1 ended in mid-run");
});

test("one that cannot be started again fails the fleet, and whoever asked for it", async () => {
  const { fleet, kill, refuseStarts } = await play();
  fleet.start(originMs);
  await kill("simulator-0");
  refuseStarts();
  await expect(fleet.restart("simulator-0")).rejects.toThrow("the machine is full");
  await expect(fleet.loadDone).rejects.toThrow(FleetError);
  await expect(fleet.restart("simulator-7")).rejects.toThrow("There is no worker simulator-7");
});

test("results are those of the last lives; a worker without one is named; then nothing starts any more", async () => {
  const { fleet, lives, kill, writeResult } = await play();
  fleet.start(originMs);
  await kill("simulator-0");
  await fleet.restart("simulator-0");
  const results = fleet.finish();
  writeResult(0, '{"worker":0}');
  for (const life of [lives(0)[1]!, lives(1)[0]!]) {
    expect(life.told.at(-1)).toEqual({ type: "finish" });
    await life.die();
  }
  await expect(results).rejects.toThrow("simulator-1 left no result behind");
  writeResult(1, '{"worker":1}');
  expect(await fleet.finish()).toEqual([{ worker: 0 }, { worker: 1 }]);
  await expect(fleet.restart("simulator-0")).rejects.toThrow("asked for its results already");
});
