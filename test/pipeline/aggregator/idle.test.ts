import { expect, test } from "vitest";
import { batchesOf, createWorld, type World } from "./aggregator-world.ts";

/** The virtual world's wall clock begins here. */
const now = Date.UTC(2026, 0, 15);
const settings = { idleEmitAfter: 1000 };

function readings(seq: number, at: number) {
  return ["a", "b", "c", "d", "e", "f"].map((device) => ({ device, seq, at }));
}

function feed(world: World, seq: number, at: number): void {
  for (const batch of batchesOf(readings(seq, at), 100)) world.append(batch);
}

/** Ascending: which partition comes first says nothing. */
async function revisions(world: World): Promise<number[]> {
  const content = await world.run(world.content(world.config.topics.aggregated));
  return content
    .flat()
    .map((text) => Number(/"revision":(\d+)/.exec(text)![1]))
    .sort((a, b) => a - b);
}

test("a silent partition emits by the wall clock what no reading closes", async () => {
  const world = createWorld(settings);
  const instance = world.start(0);
  feed(world, 0, now);
  await world.run(world.clock.sleep(900));
  expect(await revisions(world)).toEqual([]);
  await world.run(world.clock.sleep(1000));
  expect(await revisions(world)).toEqual([1, 1, 1, 1, 1, 1]);
  instance.stop();
  await world.run(instance.done);
  world.close();
});

test("without the option it waits for the log, however long that takes", async () => {
  const world = createWorld();
  const instance = world.start(0);
  feed(world, 0, now);
  await world.run(world.clock.sleep(100_000));
  expect(await revisions(world)).toEqual([]);
  instance.stop();
  await world.run(instance.done);
  world.close();
});

test("what the wall clock emitted is known after a crash, and readings after it revise", async () => {
  const world = createWorld(settings);
  const first = world.start(0);
  feed(world, 0, now);
  await world.run(world.clock.sleep(2000));
  await first.client.close();
  await world.run(first.done.catch(() => undefined));
  const second = world.start(0);
  // Stream time did not move: by it, the window is open for long.
  feed(world, 1, now + 10);
  await world.run(world.clock.sleep(800));
  expect(await revisions(world)).toEqual([...Array(6).fill(1), ...Array(6).fill(2)]);
  second.stop();
  await world.run(second.done);
  world.close();
});
