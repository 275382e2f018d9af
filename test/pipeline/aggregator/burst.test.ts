import { expect, test } from "vitest";
import type { Progress } from "../../../pipeline/aggregator/progress.ts";
import { batchesOf, createWorld, partitions, smallFleet } from "./aggregator-world.ts";

/** What each transaction committed, in order. */
function transactions(): {
  readonly onProgress: (now: Progress) => void;
  readonly emitted: number[];
  readonly checkpoints: number[];
} {
  const emitted: number[] = [];
  const checkpoints: number[] = [];
  let before = { emitted: 0, checkpoints: 0 };
  return {
    emitted,
    checkpoints,
    onProgress: (now) => {
      emitted.push(now.emitted - before.emitted);
      checkpoints.push(now.checkpoints - before.checkpoints);
      before = now;
    },
  };
}

test("a burst that fills the memory for output goes out partition by partition, whole and once", async () => {
  const devices = 80_000;
  const home = `h-${"0".repeat(200)}`;
  const names = Array.from({ length: devices }, (_, number) => `t-${number}`);
  const opening = names.map((device) => ({ device, home, seq: 0, at: 10 }));
  // Stream time is past end and grace: every window of the partition closes with it.
  const closing = names.slice(0, 40).map((device) => ({ device, home, seq: 1, at: 140 }));
  const world = createWorld();
  const seen = transactions();
  // Before the job starts: one fetch then brings the end of the window in both partitions.
  for (const batch of batchesOf([...opening, ...closing], 400)) world.append(batch);
  const instance = world.start(0, seen);
  await world.run(world.drained());
  instance.stop();
  await world.run(instance.done);
  const published = await world.run(world.content(world.config.topics.aggregated));
  world.close();
  expect(published.flat()).toHaveLength(devices);
  expect(new Set(published.flat()).size).toBe(devices);
  const bursts = seen.emitted.filter((records) => records > 0);
  expect(bursts).toEqual(published.map((records) => records.length));
  expect(bursts).toHaveLength(partitions);
});

test("after the first ones, no transaction carries the checkpoints of two partitions", async () => {
  const world = createWorld({ checkpointEvery: 500 });
  const seen = transactions();
  const instance = world.start(0, seen);
  await world.run(world.feed(smallFleet(), 60));
  await world.run(world.drained());
  instance.stop();
  await world.run(instance.done);
  world.close();
  const written = seen.checkpoints.filter((count) => count > 0);
  const owed = written.indexOf(1);
  expect(written.slice(owed).length).toBeGreaterThan(4);
  expect(Math.max(...written.slice(partitions))).toBe(1);
});
