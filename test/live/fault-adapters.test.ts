/** What fault steps do to real servers, each by itself; the whole of a run is in `run-faults.test.ts`. */
import { Admin, FetchIsolationLevels } from "@platformatic/kafka";
import { expect, onTestFinished, test } from "vitest";
import { indicesOf } from "../../harness/faults/block-indices.ts";
import { openGroupMembers } from "../../harness/faults/group-members.ts";
import { openZombie } from "../../harness/faults/open-zombie.ts";
import { createPhantomWriter } from "../../harness/faults/phantom-producer.ts";
import { createPoisoner } from "../../harness/faults/poison-producer.ts";
import { openStranger } from "../../harness/faults/stranger.ts";
import { topicAdmin } from "../../harness/faults/topic-admin.ts";
import { openElasticsearch } from "../../harness/observe/elasticsearch-client.ts";
import { newRunId } from "../../harness/run/run-id.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
import { createPlan } from "../../simulator/plan.ts";
import { smallOptions } from "../simulator/plan-fixture.ts";
import { liveStack } from "./live-stack.ts";

const { signal } = new AbortController();

test("the run's indices refuse writes, those that come up later too, and no others do; then they take them again", async () => {
  const { node } = liveStack().elasticsearch;
  const run = newRunId();
  const client = openElasticsearch(node);
  onTestFinished(async () => {
    const index = ["other", "temperatures-2026.01.15", "temperatures-2026.01.16"];
    await client.indices.delete({ index: index.map((name) => `${run}-${name}`) });
    await client.close();
  });
  const indices = indicesOf({ node, indices: `${run}-temperatures-*`, clock, signal });
  const write = (index: string): Promise<unknown> => client.index({ index, document: { a: 1 } });
  expect(await indices.refuseWrites()).toBe(0);
  await write(`${run}-temperatures-2026.01.15`);
  await write(`${run}-other`);
  expect(await indices.refuseWrites()).toBe(1);
  await write(`${run}-other`);
  await expect(write(`${run}-temperatures-2026.01.15`)).rejects.toMatchObject({ statusCode: 403 });
  await write(`${run}-temperatures-2026.01.16`);
  expect(await indices.refuseWrites()).toBe(2);
  await expect(write(`${run}-temperatures-2026.01.16`)).rejects.toMatchObject({ statusCode: 403 });
  await indices.allowWrites();
  await write(`${run}-temperatures-2026.01.15`);
  await write(`${run}-temperatures-2026.01.16`);
});

test("phantoms lie in the log for those alone who read what is not committed; left open, they keep everybody waiting", async () => {
  const { bootstrap } = liveStack().kafka;
  const topic = `${newRunId()}.t`;
  const admin = new Admin({ clientId: "fleetproof-test", bootstrapBrokers: [bootstrap] });
  await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });
  onTestFinished(async () => {
    await admin.deleteTopics({ topics: [topic] });
    await admin.close();
  });
  const plan = createPlan(smallOptions);
  const write = createPhantomWriter({ bootstrap, topic, plan, signal });
  const ends = async (isolationLevel: "READ_COMMITTED" | "READ_UNCOMMITTED") => {
    const partitions = [0, 1, 2].map((partitionIndex) => ({ partitionIndex, timestamp: -1n }));
    const [listed] = await admin.listOffsets({
      topics: [{ name: topic, partitions }],
      isolationLevel: FetchIsolationLevels[isolationLevel],
    });
    return listed?.partitions.map(({ offset }) => Number(offset));
  };
  const places = await write("abort");
  expect(places.map(({ partition, offset }) => [partition, offset]).toSorted()).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
  ]);
  // A broker answers the end of a transaction before its markers are in the log.
  await expect.poll(() => ends("READ_COMMITTED"), { timeout: 30_000 }).toEqual([2, 2, 2]);
  await write("hang");
  expect(await ends("READ_UNCOMMITTED")).toEqual([3, 3, 3]);
  expect(await ends("READ_COMMITTED")).toEqual([2, 2, 2]);
});

test("a stranger takes all partitions of a group that has no other member, and leaves it; a poison lies where it is said to", async () => {
  const { bootstrap } = liveStack().kafka;
  const run = newRunId();
  const [topic, group] = [`${run}.t`, `connect-${run}-job`];
  const admin = new Admin({ clientId: "fleetproof-test", bootstrapBrokers: [bootstrap] });
  await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });
  onTestFinished(async () => {
    await admin.deleteTopics({ topics: [topic] });
    await admin.close();
  });
  await using members = openGroupMembers(bootstrap);
  {
    await using stranger = openStranger({ bootstrap, group, topic, signal });
    const first = await stranger.join();
    expect(first.partitions).toBe(3);
    const [member] = await members.of(group, topic);
    expect(member?.partitions).toEqual([0, 1, 2]);
    await stranger.leave();
    expect(await members.of(group, topic)).toEqual([]);
    const second = await stranger.join();
    expect(second.generation).toBeGreaterThan(first.generation);
  }
  expect(await members.of(group, topic)).toEqual([]);
  const poison = createPoisoner({ bootstrap, partitions: 3, signal });
  expect(await poison(topic, "huge")).toEqual({ topic, partition: 0, offset: 0, as: "huge" });
  const tombstone = { topic, partition: 1, offset: 0, as: "tombstone" };
  expect(await poison(topic, "tombstone")).toEqual(tombstone);
});

test("a topic is cut before its end and made anew, and a second producer with an id is fenced when the first takes it back", async () => {
  const { bootstrap } = liveStack().kafka;
  const run = newRunId();
  const name = `${run}.temperatures.aggregated`;
  const admin = new Admin({ clientId: "fleetproof-test", bootstrapBrokers: [bootstrap] });
  await admin.createTopics({ topics: [name], partitions: 2, replicas: 1 });
  onTestFinished(async () => {
    await admin.deleteTopics({ topics: [name] });
    await admin.close();
  });
  const topics = topicAdmin({
    bootstrap,
    topics: { aggregated: name },
    partitions: 2,
    clock,
    signal,
  });
  const transactionalId = `${run}-aggregator-0`;
  const open = () => openZombie({ bootstrap, transactionalId, topic: name, signal });
  await using first = await open();
  await using second = await open();
  expect(await first.write()).toMatch(/epoch|fenced/i);
  expect(await second.write()).toBeUndefined();
  const ends = await topics.ends("aggregated");
  // One record and the marker of its transaction.
  expect([...ends.values()].reduce((sum, end) => sum + end, 0n)).toBe(2n);
  await topics.cut("aggregated", ends);
  const asked = [...ends.keys()].map((partitionIndex) => ({ partitionIndex, timestamp: -2n }));
  const [starts] = await admin.listOffsets({ topics: [{ name, partitions: asked }] });
  expect(new Map(starts?.partitions.map((at) => [at.partitionIndex, at.offset]))).toEqual(ends);
  await topics.recreate("aggregated");
  expect([...(await topics.ends("aggregated")).values()]).toEqual([0n, 0n]);
  await expect(topics.ends("raw")).rejects.toThrow(/no topic of the run is called raw/);
});
