/** What only virtual time makes cheap to see: time-outs, stopped processes, deaths at every moment. */
import { expect, test } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../../harness/simulation/memory-clock.ts";
import {
  createMemoryKafka,
  type MemoryClient,
  type MemoryKafka,
} from "../../../harness/simulation/memory-kafka.ts";
import type { Membership } from "../../../pipeline/kafka/port.ts";
import { codeOf, nobody, unaborted } from "../../pipeline/kafka/contract/contract-bench.ts";
import { draftOf, fetchOf, valuesOf } from "../../pipeline/kafka/contract/contract-records.ts";

type World = { readonly clock: VirtualClock; readonly kafka: MemoryKafka };

/** Runs the story in a world with the topic `raw` of two partitions, for an hour of its time at most. */
async function tell<T>(story: (world: World) => Promise<T>): Promise<T> {
  const clock = createVirtualClock(0);
  const kafka = createMemoryKafka({ clock, topics: { raw: 2 } });
  return clock.runUntil(story({ clock, kafka }), 3_600_000);
}

function memberOf(client: MemoryClient, groupInstanceId?: string): Membership {
  const times = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 20_000 };
  const name = groupInstanceId === undefined ? {} : { groupInstanceId };
  return client.groups.member({ group: "jobs", topics: ["raw"], ...times, ...name });
}

const offsetSeven = [{ topic: "raw", partition: 0, offset: 7, metadata: "" }];

test("a transaction that hangs is aborted at its time-out and its producer fenced", () =>
  tell(async ({ clock, kafka }) => {
    const { transactions, log } = kafka.connect();
    const producer = await transactions.open("slot-0", 10_000, unaborted);
    await producer.send("raw", 0, draftOf("hanging"));
    const request = fetchOf("raw", new Map([[0, 0]]), {
      isolation: "read_committed",
      maxWaitMs: 60_000,
    });
    const [fetched] = await log.fetch(request, unaborted);
    expect(clock.monotonicMs()).toBe(10_004); // the markers take a moment
    expect(fetched?.lastStableOffset).toBe(2);
    expect(await codeOf(producer.commit(nobody, []))).toBe("fenced");
    expect(await valuesOf(log, "raw", 0, "read_committed")).toEqual([]);
  }));

test("a process that dies keeps its partitions until its session ends", () =>
  tell(async ({ clock, kafka }) => {
    const [dying, living] = [kafka.connect("dying"), kafka.connect("living")];
    await memberOf(dying).next(unaborted);
    await clock.sleep(1_000);
    await dying.close();
    const assignment = await memberOf(living).next(unaborted);
    expect(assignment.partitions.get("raw")).toEqual([0, 1]);
    expect(clock.monotonicMs()).toBe(6_500); // the session counts from its last heartbeat
  }));

test("a process that lives keeps its partitions for ever", () =>
  tell(async ({ clock, kafka }) => {
    const assignment = await memberOf(kafka.connect()).next(unaborted);
    await clock.sleep(600_000);
    expect(assignment.revoked.aborted).toBe(false);
  }));

test("a member that takes its time to finish is kept by its heartbeats, and may still commit", () =>
  tell(async ({ clock, kafka }) => {
    const [slow, other] = [kafka.connect("slow"), kafka.connect("other")];
    const member = memberOf(slow);
    const assignment = await member.next(unaborted);
    const awaited = memberOf(other).next(unaborted);
    await clock.sleep(15_000);
    await slow.groups.commit(assignment, offsetSeven);
    const [mine, theirs] = await Promise.all([member.next(unaborted), awaited]);
    expect(mine.memberId).toBe(assignment.memberId);
    expect([mine, theirs].map(({ partitions }) => partitions.get("raw"))).toEqual([[1], [0]]);
  }));

test("a static member that dies and comes back in time causes no rebalance", () =>
  tell(async ({ clock, kafka }) => {
    const [before, other] = [kafka.connect("before"), kafka.connect("other")];
    const whole = await memberOf(before, "slot-0").next(unaborted);
    expect(whole.partitions.get("raw")).toEqual([0, 1]);
    await before.close();
    await clock.sleep(5_000);
    const back = await memberOf(kafka.connect("after"), "slot-0").next(unaborted);
    expect(back.generation).toBe(whole.generation);
    const newcomer = memberOf(other, "slot-1").next(unaborted);
    await clock.sleep(5_000);
    expect(back.revoked.reason).toMatchObject({ code: "rebalance" });
    void newcomer;
  }));

test("a stopped process that wakes after its session has lost its partitions, and is told", () =>
  tell(async ({ clock, kafka }) => {
    const [sleepy, other] = [kafka.connect("sleepy"), kafka.connect("other")];
    const stale = await memberOf(sleepy).next(unaborted);
    const producer = await sleepy.transactions.open("slot-0", 60_000, unaborted);
    await producer.send("raw", 0, draftOf("zombie"));
    sleepy.hold();
    const committing = codeOf(producer.commit(stale, offsetSeven));
    const taken = await memberOf(other).next(unaborted);
    expect(taken.partitions.get("raw")).toEqual([0, 1]);
    expect(stale.revoked.aborted).toBe(false);
    sleepy.release();
    expect(await committing).toBe("membership-lost");
    await clock.sleep(1);
    expect(stale.revoked.reason).toMatchObject({ code: "membership-lost" });
  }));

test("a member that was forgotten joins again under a new name", () =>
  tell(async ({ clock, kafka }) => {
    const client = kafka.connect();
    const member = memberOf(client);
    const before = await member.next(unaborted);
    client.hold();
    await clock.sleep(10_000);
    client.release();
    const after = await member.next(unaborted);
    expect(after.memberId).not.toBe(before.memberId);
    expect(after.partitions.get("raw")).toEqual([0, 1]);
  }));

test("a group that is asked for a topic that does not exist says so, and goes on as it was", () =>
  tell(async ({ kafka }) => {
    const client = kafka.connect();
    const assignment = await memberOf(client).next(unaborted);
    const times = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 20_000 };
    const stranger = client.groups.member({ group: "jobs", topics: ["no-such"], ...times });
    expect(await codeOf(stranger.next(unaborted))).toBe("unknown-topic");
    await client.groups.commit(assignment, offsetSeven);
  }));

test("who dies at any moment of a commit leaves records and offsets both, or neither", async () => {
  const outcomes = new Set<string>();
  for (let awaits = 0; awaits < 40; awaits += 1) {
    const { records, offset, waitedMs } = await tell((world) => dieInCommit(world, awaits));
    expect(records).toEqual(offset === undefined ? [] : ["output"]);
    outcomes.add(offset === undefined ? "neither" : "both");
    if (waitedMs > 0) outcomes.add("waited for stable offsets");
  }
  expect([...outcomes].sort()).toEqual(["both", "neither", "waited for stable offsets"]);
});

/** Dies after so many turns of the microtask queue; then another client looks. */
async function dieInCommit({ clock, kafka }: World, awaits: number) {
  const [dying, other] = [kafka.connect("dying"), kafka.connect("other")];
  const assignment = await memberOf(dying).next(unaborted);
  const producer = await dying.transactions.open("slot-0", 10_000, unaborted);
  await producer.send("raw", 0, draftOf("output"));
  const committing = codeOf(producer.commit(assignment, offsetSeven));
  for (let turn = 0; turn < awaits; turn += 1) await Promise.resolve();
  await dying.close();
  const outcome = await committing;
  const startMs = clock.monotonicMs();
  const committed = await other.groups.committed("jobs", "raw", [0], unaborted);
  const waitedMs = clock.monotonicMs() - startMs;
  await clock.sleep(20_000);
  const records = await valuesOf(other.log, "raw", 0, "read_committed");
  if (outcome === "none") expect(records).toEqual(["output"]);
  return { records, offset: committed.get(0)?.offset, waitedMs };
}

test("the same story told twice leaves the same bytes", async () => {
  const story = async ({ clock, kafka }: World): Promise<Buffer> => {
    const [one, two] = [kafka.connect("one"), kafka.connect("two")];
    await Promise.all([memberOf(one).next(unaborted), clock.sleep(10)]);
    const work = [one, two].map(async (client, index) => {
      const producer = await client.transactions.open(`slot-${index}`, 10_000, unaborted);
      for (let round = 0; round < 10; round += 1) {
        await producer.send("raw", 0, draftOf(`${index}/${round}`));
        await clock.sleep(7 + index);
        await (round % 3 === 0 ? producer.abort() : producer.commit(nobody, []));
      }
    });
    await Promise.all(work);
    const [fetched] = await one.log.fetch(fetchOf("raw", new Map([[0, 0]])), unaborted);
    return fetched!.batches;
  };
  const [first, second] = [await tell(story), await tell(story)];
  expect(first.length).toBeGreaterThan(1_000);
  expect(first.equals(second)).toBe(true);
});
