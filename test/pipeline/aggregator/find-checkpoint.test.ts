import { expect, test } from "vitest";
import { appendCheckpoint } from "../../../pipeline/aggregator/checkpoint-records.ts";
import {
  type CheckpointFound,
  findCheckpoint,
} from "../../../pipeline/aggregator/find-checkpoint.ts";
import { createOutbox } from "../../../pipeline/aggregator/outbox.ts";
import type { Assignment, TransactionalProducer } from "../../../pipeline/kafka/port.ts";
import { createWorld, type World } from "./aggregator-world.ts";

const never = new AbortController().signal;

/** A member's transaction: a checkpoint of raw offset 100 and the offset that names it, not yet committed. */
async function begun(
  world: World,
): Promise<{ producer: TransactionalProducer; assignment: Assignment }> {
  const { group, topics } = world.config;
  const times = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 };
  const { groups, transactions } = world.observer;
  const assignment = await groups.member({ group, topics: [topics.raw], ...times }).next(never);
  const producer = await transactions.open("slot-0", 15_000, never);
  const outbox = createOutbox();
  appendCheckpoint(outbox, { sequence: 1, input: 100, fingerprint: "{}", state: Buffer.from("s") });
  for (const draft of outbox.take()) await producer.send(topics.checkpoints, 0, draft);
  return { producer, assignment };
}

function find(world: World): Promise<CheckpointFound> {
  const topic = world.config.topics.checkpoints;
  const search = { topic, partition: 0, from: 0, wanted: () => true };
  return findCheckpoint(world.observer.log, world.clock, search, never);
}

test("a checkpoint is found although the broker ends its transaction there after the group's offsets", async () => {
  const world = createWorld();
  const { group, topics } = world.config;
  const found = async (): Promise<CheckpointFound> => {
    const { producer, assignment } = await begun(world);
    const offset = { topic: topics.raw, partition: 0, offset: 100, metadata: "1" };
    await producer.commit(assignment, [offset]);
    const committed = await world.observer.groups.committed(group, topics.raw, [0], never);
    expect(committed.get(0)?.offset).toBe(100);
    const log = world.observer.log;
    const ends = await log.endOffsets(topics.checkpoints, [0], "read_committed");
    expect(ends.get(0)).toBe(0);
    return find(world);
  };
  const { checkpoint } = await world.run(found());
  expect(checkpoint).toMatchObject({ sequence: 1, input: 100 });
  world.close();
});

test("a checkpoint of a transaction that is aborted while it is looked for is none", async () => {
  const world = createWorld();
  const found = async (): Promise<CheckpointFound> => {
    const { producer } = await begun(world);
    const looked = find(world);
    await world.clock.sleep(100);
    await producer.abort();
    return looked;
  };
  expect(await world.run(found())).toEqual({ checkpoint: undefined, inputs: [] });
  world.close();
});
