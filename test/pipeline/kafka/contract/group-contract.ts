/** Sharing partitions: the awaited hand-over, pinned generations, static members, those who are late. */
import { expect, test } from "vitest";
import type { Assignment } from "../../../../pipeline/kafka/port.ts";
import { type Bench, codeOf, nobody, revocation, unaborted, within } from "./contract-bench.ts";
import { committedValuesOf, draftOf } from "./contract-records.ts";

export function groupContract(bench: Bench): void {
  /** Two clients, a topic of four partitions and a group whose first member has all of them. */
  async function stage(variant: { readonly rebalanceTimeoutMs?: number } = {}) {
    const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
    const topic = await bench.createTopic(4);
    const group = bench.uniqueName("group");
    const first = bench.member(one, { group, topics: [topic], ...variant });
    const second = bench.member(two, { group, topics: [topic], ...variant });
    const whole = await first.next(unaborted);
    return { one, topic, group, first, second, whole };
  }

  test("the only member has all partitions of all its topics", async () => {
    const kafka = await bench.connect();
    const topics = [await bench.createTopic(3), await bench.createTopic(2)];
    const group = bench.uniqueName("group");
    const member = bench.member(kafka, { group, topics });
    const assignment = await member.next(unaborted);
    expect(assignment).toMatchObject({ group, groupInstanceId: undefined });
    expect(assignment.memberId).not.toBe("");
    expect(assignment.generation).toBeGreaterThan(0);
    expect(topics.map((topic) => sharesOf(assignment, topic))).toEqual([[0, 1, 2], [0, 1]]); // biome-ignore format: pairs
    expect(assignment.revoked.aborted).toBe(false);
    await member.leave();
    expect(assignment.revoked.aborted).toBe(true);
  });

  test("a newcomer waits until the owner has finished, who may still commit; then both share", async () => {
    const { one, topic, first, second, whole } = await stage();
    let handedOver = false;
    const awaited = second.next(unaborted).then((assignment) => {
      handedOver = true;
      return assignment;
    });
    expect(await revocation(bench.clock, whole)).toBe("rebalance");
    expect(handedOver).toBe(false);
    await one.groups.commit(whole, [{ topic, partition: 3, offset: 7, metadata: "last words" }]);
    const both = await Promise.all([first.next(unaborted), awaited]);
    const [mine, theirs] = both.map((assignment) => sharesOf(assignment, topic));
    expect([...mine!, ...theirs!].sort()).toEqual([0, 1, 2, 3]);
    expect([mine!.length, theirs!.length]).toEqual([2, 2]);
    expect(both[0].generation).toBe(both[1].generation);
    expect(both[0].generation).toBeGreaterThan(whole.generation);
  });

  test("what was assigned in an older generation cannot be committed any more", async () => {
    const { one, topic, first, second, whole } = await stage();
    const id = bench.uniqueName("slot");
    const producer = await one.transactions.open(id, 10_000, unaborted);
    await producer.send(topic, 0, draftOf("of the older generation"));
    const awaited = second.next(unaborted);
    await revocation(bench.clock, whole);
    const [current] = await Promise.all([first.next(unaborted), awaited]);
    const offsets = [{ topic, partition: 0, offset: 7, metadata: "zombie" }];
    expect(await codeOf(one.groups.commit(whole, offsets))).toBe("illegal-generation");
    expect(await codeOf(producer.commit(whole, offsets))).toBe("illegal-generation");
    expect(await codeOf(producer.send(topic, 0, draftOf("after an error")))).not.toBe("none");
    const successor = await one.transactions.open(id, 10_000, unaborted);
    expect(await committedValuesOf(bench.clock, one.log, topic, 0)).toEqual([]);
    await successor.commit(current, [{ topic, partition: 0, offset: 8, metadata: "" }]);
    const committed = await one.groups.committed(whole.group, topic, [0], unaborted);
    expect(committed.get(0)).toEqual({ offset: 8, metadata: "" });
  });

  test("in a transaction, offsets of who names neither generation nor member are taken", async () => {
    const { one, topic, group } = await stage();
    const producer = await one.transactions.open(bench.uniqueName("slot"), 10_000, unaborted);
    const offsets = [{ topic, partition: 0, offset: 7, metadata: "unfenced" }];
    await producer.commit({ ...nobody, group }, offsets);
    const committed = await one.groups.committed(group, topic, [0], unaborted);
    expect(committed.get(0)).toEqual({ offset: 7, metadata: "unfenced" });
  });

  test("who asks again without a cause has its partitions again", async () => {
    const { one, topic, first, whole } = await stage();
    const again = await first.next(unaborted);
    expect(sharesOf(again, topic)).toEqual(sharesOf(whole, topic));
    await one.groups.commit(again, [{ topic, partition: 0, offset: 7, metadata: "" }]);
    expect(again.revoked.aborted).toBe(false);
  });

  test("topics of equal size are shared out alike", async () => {
    const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
    const topics = [await bench.createTopic(3), await bench.createTopic(3)];
    const group = bench.uniqueName("group");
    const first = bench.member(one, { group, topics });
    const second = bench.member(two, { group, topics });
    const whole = await first.next(unaborted);
    const awaited = second.next(unaborted);
    await revocation(bench.clock, whole);
    for (const assignment of await Promise.all([first.next(unaborted), awaited])) {
      const [here, there] = topics.map((topic) => sharesOf(assignment, topic));
      expect(here).toEqual(there);
      expect(here?.length).toBeGreaterThan(0);
    }
  });

  test("who leaves gives its partitions to the others", async () => {
    const { one, topic, first, second, whole } = await stage();
    const awaited = second.next(unaborted);
    await revocation(bench.clock, whole);
    const [mine, theirs] = await Promise.all([first.next(unaborted), awaited]);
    await first.leave();
    expect(mine.revoked.aborted).toBe(true);
    const offsets = [{ topic, partition: 0, offset: 7, metadata: "zombie" }];
    expect(refusals).toContain(await codeOf(one.groups.commit(mine, offsets)));
    expect(await revocation(bench.clock, theirs)).toBe("rebalance");
    expect(sharesOf(await second.next(unaborted), topic)).toEqual([0, 1, 2, 3]);
  });

  test("who does not give up in time is left out, and may commit no more", async () => {
    const { one, topic, second, whole } = await stage({ rebalanceTimeoutMs: 1_000 });
    const awaited = second.next(unaborted);
    const theirs = await within(bench.clock, awaited, 8_000, "the rebalance");
    expect(sharesOf(theirs, topic)).toEqual([0, 1, 2, 3]);
    const offsets = [{ topic, partition: 0, offset: 7, metadata: "zombie" }];
    expect(refusals).toContain(await codeOf(one.groups.commit(whole, offsets)));
    expect(["rebalance", "membership-lost"]).toContain(await revocation(bench.clock, whole));
  });

  test("who comes back under its instance id has its partitions without a rebalance", async () => {
    const [one, two] = await Promise.all([bench.connect(), bench.connect()]);
    const topic = await bench.createTopic(4);
    const group = bench.uniqueName("group");
    const options = { group, topics: [topic], groupInstanceId: "slot-0" };
    const before = await bench.member(one, options).next(unaborted);
    const after = await bench.member(two, options).next(unaborted);
    expect(after).toMatchObject({ generation: before.generation, groupInstanceId: "slot-0" });
    expect(sharesOf(after, topic)).toEqual([0, 1, 2, 3]);
    expect(after.memberId).not.toBe(before.memberId);
    const offsets = [{ topic, partition: 0, offset: 7, metadata: "zombie" }];
    expect(await codeOf(one.groups.commit(before, offsets))).toBe("membership-lost");
    expect(await revocation(bench.clock, before)).toBe("membership-lost");
  });

  test("an abort ends the wait for an assignment with its reason", async () => {
    const { second } = await stage();
    const stop = new AbortController();
    const awaited = second.next(stop.signal);
    const reason = new Error("enough");
    stop.abort(reason);
    const ended = within(bench.clock, awaited, 2_000, "an aborted wait");
    await expect(ended).rejects.toBe(reason);
  });
}

/** Which of the two depends on whether the group has moved on, or only the member is gone. */
const refusals = ["illegal-generation", "membership-lost"];

function sharesOf(assignment: Assignment, topic: string): number[] {
  return [...(assignment.partitions.get(topic) ?? [])].sort((a, b) => a - b);
}
