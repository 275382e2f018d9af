/** What fault steps do to real servers, each by itself; the whole of a run is in `run-faults.test.ts`. */
import { Admin } from "@platformatic/kafka";
import { expect, onTestFinished, test } from "vitest";
import { indicesOf } from "../../harness/faults/block-indices.ts";
import { openGroupMembers } from "../../harness/faults/group-members.ts";
import { createPoisoner } from "../../harness/faults/poison-producer.ts";
import { openStranger } from "../../harness/faults/stranger.ts";
import { openElasticsearch } from "../../harness/observe/elasticsearch-client.ts";
import { newRunId } from "../../harness/run/run-id.ts";
import { systemClock as clock } from "../../simulator/clock.ts";
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
  const poison = createPoisoner({ bootstrap, topic, partitions: 3, signal });
  expect(await poison()).toEqual({ topic, partition: 0, offset: 0 });
  expect(await poison()).toEqual({ topic, partition: 1, offset: 0 });
});
