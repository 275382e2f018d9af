import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import { createMemoryKafka } from "../../../harness/simulation/memory-kafka.ts";
import type { Courier } from "../../../harness/simulation/memory-line.ts";
import { KafkaError } from "../../../pipeline/kafka/port.ts";
import { createBatchWriter } from "../../../pipeline/kafka/wire/batch-writer.ts";

/** A broker that can be out of reach of the one client that there is. */
function oneClient() {
  const clock = createVirtualClock(0);
  const kafka = createMemoryKafka({ clock, topics: { raw: 1 } });
  let isAway = false;
  const courier: Courier = (work) => {
    if (!isAway) return work();
    return Promise.reject(new KafkaError("unavailable", "away", { definite: true }));
  };
  const client = kafka.connect("client", courier);
  const away = (next: boolean): void => {
    isAway = next;
  };
  return { clock, client, away };
}

const sessionTimeoutMs = 10_000;
const membership = { group: "g", topics: ["raw"], sessionTimeoutMs, rebalanceTimeoutMs: 30_000 };

test("a member outlives a broker that is away for less than its session", async () => {
  const { clock, client, away } = oneClient();
  const { signal } = new AbortController();
  const assignment = await clock.runUntil(client.groups.member(membership).next(signal), 1_000);
  away(true);
  await clock.advance(sessionTimeoutMs * 0.6);
  away(false);
  await clock.advance(sessionTimeoutMs);
  expect(assignment.revoked.aborted).toBe(false);
});

test("a member whose broker is away for longer has lost its partitions", async () => {
  const { clock, client, away } = oneClient();
  const { signal } = new AbortController();
  const assignment = await clock.runUntil(client.groups.member(membership).next(signal), 1_000);
  away(true);
  await clock.advance(sessionTimeoutMs * 1.5);
  expect(assignment.revoked.reason).toMatchObject({ code: "membership-lost" });
});

test("a producer that failed fails on for the same reason, and has nothing to abort", async () => {
  const { clock, client, away } = oneClient();
  const { signal } = new AbortController();
  const opening = client.transactions.open("t", 15_000, signal);
  const producer = await clock.runUntil(opening, 1_000);
  const draft = () => {
    const writer = createBatchWriter(64);
    writer.append(null, 0, 0, Buffer.from("v"), 0, 1);
    return writer.take();
  };
  away(true);
  const refused = { code: "unavailable", definite: true };
  await expect(producer.send("raw", 0, draft())).rejects.toMatchObject(refused);
  away(false);
  await expect(producer.send("raw", 0, draft())).rejects.toMatchObject(refused);
  await producer.abort();
  await producer.close();
});
