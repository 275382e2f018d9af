/** A group from outside: how many are in it, and its offsets while nobody is. */
import { expect, test } from "vitest";
import { type Bench, unaborted } from "./contract-bench.ts";

export function groupAdminContract(bench: Bench): void {
  async function stage() {
    const kafka = await bench.connect();
    const topics = [await bench.createTopic(2), await bench.createTopic(1)] as const;
    const group = bench.uniqueName("group");
    const sorted = async () => {
      const all = await kafka.groups.allCommitted(group);
      const places = all.map((each) => [`${each.topic}/${each.partition}`, each.offset] as const);
      return Object.fromEntries(places);
    };
    return { kafka, groups: kafka.groups, topics, group, sorted };
  }

  const at = (topic: string, partition: number, offset: number) => {
    return { topic, partition, offset, metadata: "" };
  };

  test("a group that Kafka does not know has no members and no offsets", async () => {
    const { groups, group } = await stage();
    expect(await groups.memberCount(group)).toBe(0);
    expect(await groups.allCommitted(group)).toEqual([]);
    await groups.forget(group, undefined);
    await groups.forget(group, [{ topic: bench.uniqueName("topic"), partition: 0 }]);
  });

  test("members count from their join to their leaving, static ones too", async () => {
    const { kafka, groups, topics, group } = await stage();
    const member = bench.member(kafka, { group, topics, groupInstanceId: "connect-job-0" });
    await member.next(unaborted);
    expect(await groups.memberCount(group)).toBe(1);
    await member.leave();
    expect(await groups.memberCount(group)).toBe(0);
  });

  test("a member of another client that died still counts", async () => {
    const { groups, topics, group } = await stage();
    const dying = await bench.connect();
    await bench.member(dying, { group, topics, groupInstanceId: "connect-job-1" }).next(unaborted);
    await dying.close();
    expect(await groups.memberCount(group)).toBe(1);
  });

  test("offsets are set without a member, and a member finds them", async () => {
    const { kafka, groups, topics, group, sorted } = await stage();
    const [one, other] = topics;
    await groups.alter(group, [at(one, 0, 7), at(one, 1, 8), at(other, 0, 9)]);
    await groups.alter(group, [at(one, 1, 3)]);
    expect(await sorted()).toEqual({ [`${one}/0`]: 7, [`${one}/1`]: 3, [`${other}/0`]: 9 });
    await bench.member(kafka, { group, topics }).next(unaborted);
    const found = await groups.committed(group, one, [0, 1], unaborted);
    expect([...found]).toEqual([
      [0, { offset: 7, metadata: "" }],
      [1, { offset: 3, metadata: "" }],
    ]);
  });

  test("offsets are forgotten one by one, and all at once", async () => {
    const { groups, topics, group, sorted } = await stage();
    const [one, other] = topics;
    await groups.alter(group, [at(one, 0, 7), at(one, 1, 8), at(other, 0, 9)]);
    await groups.forget(group, [
      { topic: one, partition: 1 },
      { topic: other, partition: 0 },
    ]);
    expect(await sorted()).toEqual({ [`${one}/0`]: 7 });
    await groups.forget(group, undefined);
    expect(await sorted()).toEqual({});
    await groups.alter(group, [at(one, 1, 2)]);
    expect(await sorted()).toEqual({ [`${one}/1`]: 2 });
  });

  test("offsets of a group with members are neither set nor forgotten", async () => {
    const { kafka, groups, topics, group, sorted } = await stage();
    const [topic] = topics;
    await groups.alter(group, [at(topic, 0, 7)]);
    const member = bench.member(kafka, { group, topics });
    await member.next(unaborted);
    const refusal = { code: "group-not-empty", definite: true };
    await expect(groups.alter(group, [at(topic, 0, 1)])).rejects.toMatchObject(refusal);
    const one = [{ topic, partition: 0 }];
    await expect(groups.forget(group, one)).rejects.toMatchObject(refusal);
    await expect(groups.forget(group, undefined)).rejects.toMatchObject(refusal);
    expect(await sorted()).toEqual({ [`${topic}/0`]: 7 });
    await member.leave();
    await groups.forget(group, one);
    expect(await sorted()).toEqual({});
  });

  test("offsets of partitions that there are not are refused", async () => {
    const { groups, group } = await stage();
    const nowhere = groups.alter(group, [at(bench.uniqueName("no-such-topic"), 0, 1)]);
    await expect(nowhere).rejects.toMatchObject({ code: "unknown-topic", definite: true });
  });
}
