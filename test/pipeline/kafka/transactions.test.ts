import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import type { Assignment, TransactionalProducer } from "../../../pipeline/kafka/port.ts";
import { openTransactions } from "../../../pipeline/kafka/transactions.ts";
import { nobody } from "./contract/contract-bench.ts";
import { draftOf } from "./contract/contract-records.ts";
import { scriptedBroker } from "./scripted-broker.ts";
import { hotDecode } from "./wire/batch-samples.ts";

const outOfOrderSequence = 45;
const concurrentTransactions = 51;
const illegalGeneration = 22;
const requestTimedOut = 7;
const offsets = [{ topic: "in", partition: 0, offset: 5, metadata: "m" }];
const assignment: Assignment = { ...nobody, group: "g", generation: 4, memberId: "me" };

test("partitions that are first written to at once are added by one request", async () => {
  const { run, asked } = await opened();
  await run(async (producer) => {
    await Promise.all([0, 1, 2].map((partition) => producer.send("out", partition, draftOf("v"))));
    await producer.commit(nobody, []);
  });
  const added = asked.filter(({ request }) => request === "add-partitions");
  expect(added.map(({ args }) => args[0])).toMatchObject([
    [{ producerId: 7n, producerEpoch: 3, topics: [{ name: "out", partitions: [0, 1, 2] }] }],
  ]);
});

test("a transaction: partitions, batches, offsets of the pinned generation, end", async () => {
  const { run, asked, requests } = await opened();
  await run(async (producer) => {
    await producer.send("out", 0, draftOf("v"));
    await producer.commit(assignment, offsets);
  });
  const order = ["add-partitions", "produce", "add-offsets", "commit-offsets", "end"];
  expect(requests().slice(1)).toEqual(order);
  const committed = asked.find(({ request }) => request === "commit-offsets");
  expect(committed?.args.slice(1, 7)).toEqual(["g", 7n, 3, 4, "me", null]);
});

test("batches of a partition follow one another in sequence, over transactions too", async () => {
  const { run, sent } = await opened();
  await run(async (producer) => {
    await Promise.all([
      producer.send("out", 0, draftOf("a", "b")),
      producer.send("out", 0, draftOf("c")),
      producer.send("out", 1, draftOf("x")),
    ]);
    await producer.commit(nobody, []);
    await producer.send("out", 0, draftOf("d"));
  });
  const sequences = sent()
    .filter(({ partition }) => partition === 0)
    .map(({ bytes }) => hotDecode(bytes).baseSequence);
  expect(sequences).toEqual([0, 2, 3]);
});

test("a batch whose outcome is unknown is sent again as it is", async () => {
  const { run, sent, react } = await opened();
  react("produce", "disconnected", requestTimedOut);
  await run((producer) => producer.send("out", 0, draftOf("a")));
  const [first, ...again] = sent();
  expect(again.length).toBe(2);
  for (const each of again) expect(each.bytes.equals(first!.bytes)).toBe(true);
});

test("a broker with another idea of the sequence ends the producer", async () => {
  const { run, react, requests } = await opened();
  react("produce", outOfOrderSequence);
  await run(async (producer) => {
    const refused = { code: "refused", definite: true };
    await expect(producer.send("out", 0, draftOf("a"))).rejects.toMatchObject(refused);
    await expect(producer.commit(nobody, [])).rejects.toMatchObject(refused);
    await producer.close();
  });
  expect(requests()).not.toContain("end");
});

test("while the markers of the transaction before are being written, it waits and asks again", async () => {
  const { run, clock, react } = await opened();
  react("add-partitions", concurrentTransactions, concurrentTransactions);
  await run((producer) => producer.send("out", 0, draftOf("a")));
  expect(clock.monotonicMs()).toBe(2 + 4);
});

test("a commit whose answer is lost is indefinite, and never asked twice", async () => {
  const { run, react, requests } = await opened();
  react("end", "disconnected");
  await run(async (producer) => {
    await producer.send("out", 0, draftOf("a"));
    const unknown = { code: "unavailable", definite: false };
    await expect(producer.commit(nobody, [])).rejects.toMatchObject(unknown);
    await producer.close();
  });
  expect(requests().filter((request) => request === "end").length).toBe(1);
});

test("what fails before the end is surely not committed", async () => {
  for (const [reaction, code] of [
    [illegalGeneration, "illegal-generation"],
    ["disconnected", "unavailable"],
  ] as const) {
    const { run, react, requests } = await opened();
    react("commit-offsets", ...new Array(99).fill(reaction));
    await run(async (producer) => {
      const refused = { code, definite: true };
      await expect(producer.commit(assignment, offsets)).rejects.toMatchObject(refused);
    });
    expect(requests()).not.toContain("end");
  }
});

test("closing without anything open asks for nothing", async () => {
  const { run, requests } = await opened();
  await run(async (producer) => {
    await producer.close();
    await producer.close();
  });
  expect(requests()).toEqual(["init-producer"]);
});

test("closing aborts what is open; nothing can be sent afterwards", async () => {
  const { run, asked } = await opened();
  await run(async (producer) => {
    await producer.send("out", 0, draftOf("a"));
    await producer.close();
    const closed = { code: "closed", definite: true };
    await expect(producer.send("out", 0, draftOf("b"))).rejects.toMatchObject(closed);
  });
  expect(asked.at(-1)).toEqual({ request: "end", args: ["id", 7n, 3, false] });
});

/** A producer on a scripted broker; `run` moves the clock until `work` is done. */
async function opened() {
  const clock = createVirtualClock(0);
  const scripted = scriptedBroker(clock);
  const { signal } = new AbortController();
  const opening = openTransactions(scripted.broker).open("id", 10_000, signal);
  const producer = await clock.runUntil(opening, 1_000);
  const run = (work: (producer: TransactionalProducer) => Promise<void>): Promise<void> =>
    clock.runUntil(work(producer), 60_000);
  return { ...scripted, clock, run };
}
