import { expect, test } from "vitest";
import {
  type AggregatorMeter,
  createAggregatorMeter,
} from "../../../../pipeline/aggregator/aggregator-meter.ts";
import { createPartitionState } from "../../../../pipeline/aggregator/partition-state.ts";
import {
  type AggregatorView,
  describeStatus,
  lagOf,
} from "../../../../pipeline/aggregator/service/status.ts";
import { smallFleet } from "../aggregator-world.ts";
import { configOf, smallWindows } from "../folded.ts";
import { askOf, createServiceWorld } from "./service-world.ts";

const fleet = smallFleet();

test("before the first assignment it is starting, and not ready", async () => {
  const asked = askOf(viewOf(createAggregatorMeter()));
  expect(await asked.status()).toMatchObject({
    state: "starting",
    generation: null,
    lastCommit: null,
    assigned: [],
    partitions: [],
  });
  expect(await asked.probes()).toEqual([503, 503]);
});

test("an instance tells what it does until its end", async () => {
  const world = createServiceWorld({ commitEvery: 100 });
  const instance = world.serve(0);
  await world.run(instance.ready);
  expect(await instance.probes()).toEqual([200, 200]);
  await world.run(world.feed(fleet, 10));
  await world.run(world.drained());
  await world.run(world.clock.sleep(500));
  const { progress, ...status } = await instance.status();
  expect(status).toMatchObject({
    version: "1.2.3",
    group: "g",
    slot: 0,
    state: "running",
    generation: 1,
    lag: { records: 0, seconds: 0 },
    assigned: [0, 1],
  });
  const read = Object.values(progress.rejected).reduce((a, b) => a + b, 0);
  const raw = fleet.reduce((sum, { records }) => sum + records.length, 0);
  expect(progress.folded + progress.duplicate + read).toBe(raw);
  expect(status.partitions.map(({ partition }) => partition)).toEqual([0, 1]);
  for (const { position, committed, end, openWindows, streamTime } of status.partitions) {
    expect(position).toBeGreaterThan(0);
    expect([committed, end]).toEqual([position, position]);
    expect(openWindows).toBeGreaterThan(0);
    expect(streamTime).toMatch(/^1970-01-01T00:00:0/);
  }
  const opened = status.partitions.reduce((sum, { openWindows }) => sum + openWindows, 0);
  expect(status.openWindows).toBe(opened);
  expect(Date.parse(status.lastCommit ?? "")).toBeLessThanOrEqual(world.clock.now());
  instance.stop();
  expect(await instance.status()).toMatchObject({ state: "stopping" });
  expect(await instance.probes()).toEqual([200, 503]);
  await world.run(instance.done);
  expect((await instance.status()).partitions).toEqual([]);
  world.close();
});

test("what one instance gives up the other shows as its own", async () => {
  const world = createServiceWorld({ commitEvery: 100 });
  const [first, second] = [world.serve(0), world.serve(1)];
  await world.run(Promise.all([first.ready, second.ready]));
  await world.run(world.clock.sleep(5_000));
  const shares = [(await first.status()).assigned, (await second.status()).assigned];
  expect(shares.flat().sort()).toEqual([0, 1]);
  first.stop();
  await world.run(first.done);
  // Within a heartbeat, half a second, and what the states take.
  await world.run(world.clock.sleep(700));
  expect(await second.status()).toMatchObject({ state: "running", assigned: [0, 1] });
  second.stop();
  await world.run(second.done);
  world.close();
});

test("lag is counted behind the committed offset, in seconds since its record was written", () => {
  const state = createPartitionState(configOf(smallWindows), 0, 1);
  expect(lagOf(state, 9_000)).toEqual({ records: 0, seconds: 0 });
  state.endOffset = 100;
  expect(lagOf(state, 9_000)).toEqual({ records: 100, seconds: null });
  state.committed = { offset: 40, metadata: "" };
  state.committedRecordAtMs = 2_000;
  expect(lagOf(state, 9_000)).toEqual({ records: 60, seconds: 7 });
  // Another machine's clock may be ahead of ours.
  expect(lagOf(state, 1_000)).toEqual({ records: 60, seconds: 0 });
  state.committed = { offset: 100, metadata: "" };
  expect(lagOf(state, 9_000)).toEqual({ records: 0, seconds: 0 });
});

test("the worst partition's seconds are the instance's, and unknown is unknown", () => {
  const config = configOf(smallWindows);
  const states = [0, 1].map((partition) => createPartitionState(config, partition, 2));
  const meter = { ...createAggregatorMeter(), states: new Map(states.entries()) };
  const view = viewOf(meter);
  for (const [index, state] of states.entries()) {
    Object.assign(state, { endOffset: 10, committedRecordAtMs: 1_000 * (index + 1) });
  }
  expect(describeStatus(view).lag).toEqual({ records: 20, seconds: 9 });
  states[1]!.committedRecordAtMs = undefined;
  expect(describeStatus(view).lag).toEqual({ records: 20, seconds: null });
});

function viewOf(meter: AggregatorMeter): AggregatorView {
  const wallClock = { now: () => 10_000, monotonicMs: () => 50, sleep: async () => undefined };
  const { signal } = new AbortController();
  return { meter, config: configOf(smallWindows), version: "1", slot: 0, signal, wallClock };
}
