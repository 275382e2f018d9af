import { expect, test } from "vitest";
import {
  handOverCheckpoints,
  waitingCheckpoints,
} from "../../../pipeline/aggregator/checkpoint-due.ts";
import {
  createPartitionState,
  type PartitionState,
} from "../../../pipeline/aggregator/partition-state.ts";
import { batchesOf } from "./aggregator-world.ts";
import { configOf, smallWindows } from "./folded.ts";
import { createServiceWorld } from "./service/service-world.ts";

function stateOf(records: number, windows: number): PartitionState {
  const state = createPartitionState(configOf(smallWindows), 0, 1);
  state.recordsSinceCheckpoint = records;
  state.fold.windows.size = windows;
  return state;
}

test("a checkpoint is handed over where the successor would re-fold longer than it takes to write", () => {
  const [worth, dear, few] = [
    stateOf(100_000, 30_000),
    stateOf(100_000, 40_000),
    stateOf(10_000, 1),
  ];
  expect(handOverCheckpoints([worth, dear, few])).toEqual([worth]);
});

test("the longest ways come first, and all together take no longer than a second", () => {
  const states = [900_000, 1_100_000, 1_300_000].map((records) => stateOf(records, 190_000));
  expect(handOverCheckpoints(states)).toEqual([states[2], states[1]]);
});

test("a checkpoint waits from when it is due until it is written", () => {
  const state = stateOf(10, 1);
  state.checkpointOwed = false;
  state.checkpointDueAt = 1_000;
  expect(waitingCheckpoints([state], 500, 999)).toBe(0);
  expect(waitingCheckpoints([state], 500, 1_000)).toBe(1);
  state.recordsSinceCheckpoint = 0;
  expect(waitingCheckpoints([state], 500, 1_000)).toBe(0);
});

/** Of one partition, more in each half than is ever re-folded. */
const busy = batchesOf(
  Array.from({ length: 130_000 }, (_, index) => {
    return { device: `t-${index % 6}`, seq: Math.floor(index / 6), at: Math.floor(index / 100) };
  }),
  500,
);

/** What lies in the aggregated topic at the end, and how many records each new life folded again. */
async function lives(number: number): Promise<{ output: string[][]; again: number[] }> {
  const world = createServiceWorld({ window: { ...smallWindows, span: 16_384 } });
  const again: number[] = [];
  const length = Math.ceil(busy.length / number);
  for (let life = 0; life < number; life++) {
    const instance = world.serve(0);
    await world.run(instance.ready);
    const { partitions } = await instance.status();
    again.push(...partitions.map((each) => each.recordsSinceCheckpoint));
    await world.run(world.feed(busy.slice(life * length, (life + 1) * length), 10));
    await world.run(world.drained());
    instance.stop();
    await world.run(instance.done);
  }
  const output = await world.run(world.content(world.config.topics.aggregated));
  world.close();
  return { output, again };
}

test("after a SIGTERM the successor folds nothing again, and puts out what one life would", async () => {
  const [one, two] = [await lives(1), await lives(2)];
  expect(two.again).toEqual([0, 0, 0, 0]);
  expect(two.output).toEqual(one.output);
  expect(one.output.flat().length).toBeGreaterThan(0);
});
