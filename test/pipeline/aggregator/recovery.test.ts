import { expect, test } from "vitest";
import { AggregatorError } from "../../../pipeline/aggregator/aggregator-error.ts";
import type { AggregatorConfig } from "../../../pipeline/aggregator/config.ts";
import type { Assignment } from "../../../pipeline/kafka/port.ts";
import { createWorld, partitions, smallFleet, type World } from "./aggregator-world.ts";
import { smallWindows } from "./folded.ts";

const fleet = smallFleet();

/** A world in which everything was aggregated once, with a checkpoint on the way, and the job has ended. */
async function aggregated(): Promise<World> {
  const world = createWorld({ checkpointEvery: 500 });
  const instance = world.start(0);
  await world.run(world.feed(fleet, 110));
  await world.run(world.drained());
  instance.stop();
  await world.run(instance.done);
  return world;
}

/** As an operator's tool does it: the group is empty, its offsets are set. */
async function reset(world: World, offset: number, metadata = ""): Promise<void> {
  const { group, topics } = world.config;
  const membership = world.observer.groups.member({
    group,
    topics: [topics.raw],
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
  });
  const assignment: Assignment = await world.run(membership.next(new AbortController().signal));
  const offsets = Array.from({ length: partitions }, (_, partition) => {
    return { topic: topics.raw, partition, offset, metadata };
  });
  await world.run(world.observer.groups.commit(assignment, offsets));
  await world.run(membership.leave());
}

async function failure(
  world: World,
  change: Partial<AggregatorConfig> = {},
): Promise<AggregatorError> {
  const instance = world.start(0, { config: { ...world.config, ...change } });
  const error: unknown = await world.run(instance.done.catch((reason: unknown) => reason));
  expect(error).toBeInstanceOf(AggregatorError);
  world.close();
  return error as AggregatorError;
}

test("reset to 0, the group aggregates everything anew", async () => {
  const world = await aggregated();
  const { topics } = world.config;
  const before = await world.run(world.content(topics.aggregated));
  await reset(world, 0);
  const again = world.start(0);
  await world.run(world.drained());
  again.stop();
  await world.run(again.done);
  const after = await world.run(world.content(topics.aggregated));
  expect(after).toEqual(before.map((records) => [...records, ...records]));
  world.close();
});

test("reset to a checkpoint's own offset, it goes on from that state", async () => {
  const world = await aggregated();
  const { topics } = world.config;
  const before = await world.run(world.content(topics.aggregated));
  const heads = await world.run(world.content(topics.checkpoints));
  // Offsets at which both partitions have a checkpoint: their own ones differ, so one at a time is reset.
  const inputs = heads[0]!.map((text) => Number(/"input":(\d+)/.exec(text)![1]));
  const [input] = inputs.filter((offset) => offset > 0);
  const { group } = world.config;
  const membership = world.observer.groups.member({
    group,
    topics: [topics.raw],
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
  });
  const assignment = await world.run(membership.next(new AbortController().signal));
  const offset = { topic: topics.raw, partition: 0, offset: input!, metadata: "" };
  await world.run(world.observer.groups.commit(assignment, [offset]));
  await world.run(membership.leave());
  const again = world.start(0);
  await world.run(world.drained());
  again.stop();
  await world.run(again.done);
  const after = await world.run(world.content(topics.aggregated));
  expect(after[1]).toEqual(before[1]);
  const added = after[0]!.slice(before[0]!.length);
  expect(added.length).toBeGreaterThan(0);
  expect(before[0]!.slice(-added.length)).toEqual(added);
  world.close();
});

test("reset to any other offset, it stops and says which offsets would do", async () => {
  const world = await aggregated();
  await reset(world, 7);
  const error = await failure(world);
  expect(error.code).toBe("offset");
  expect(error.message).toMatch(
    /reset to offset 7, where no state is known.*Reset it to 0 or to a check/,
  );
});

test("a log that starts past the checkpoint stops the job, with the readings that are gone", async () => {
  const world = await aggregated();
  await reset(world, 0);
  world.broker.cut(world.config.topics.raw, 0, 40);
  const error = await failure(world);
  expect(error.code).toBe("log-cut");
  expect(error.message).toContain("readings at 0–39 were deleted before they were aggregated");
});

test("a checkpoint that is gone stops the job", async () => {
  const world = await aggregated();
  const { topics } = world.config;
  for (let partition = 0; partition < partitions; partition++) {
    const ends = await world.run(
      world.observer.log.endOffsets(topics.checkpoints, [partition], "read_uncommitted"),
    );
    world.broker.cut(topics.checkpoints, partition, ends.get(partition)!);
  }
  const error = await failure(world);
  expect(error.code).toBe("checkpoint");
  expect(error.message).toContain("no longer holds checkpoint");
});

test("a checkpoint of other window settings is refused with both", async () => {
  const world = await aggregated();
  const error = await failure(world, { window: { ...smallWindows, grace: 31 } });
  expect(error.code).toBe("checkpoint");
  expect(error.message).toMatch(/made with .*"grace":30.* the file says .*"grace":31/);
});

test("a topic that is missing is named", async () => {
  const world = createWorld();
  const error = await failure(world, { topics: { ...world.config.topics, rejected: "nowhere" } });
  expect(error.code).toBe("topics");
  expect(error.message).toContain("the topic nowhere does not exist");
});

test("topics of unequal partition counts are refused with the counts", async () => {
  const world = createWorld();
  world.broker.createTopic("wide", partitions + 1);
  const error = await failure(world, { topics: { ...world.config.topics, aggregated: "wide" } });
  expect(error.code).toBe("topics");
  expect(error.message).toContain("raw has 2, wide has 3");
});
