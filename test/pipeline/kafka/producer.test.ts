import { expect, test } from "vitest";
import { createVirtualClock } from "../../../harness/simulation/memory-clock.ts";
import type { Producer } from "../../../pipeline/kafka/port.ts";
import { openIdempotentProducer } from "../../../pipeline/kafka/producer.ts";
import { draftOf } from "./contract/contract-records.ts";
import { scriptedBroker } from "./scripted-broker.ts";
import { hotDecode } from "./wire/batch-samples.ts";

const requestTimedOut = 7;
const messageTooLarge = 10;
const leaderNotAvailable = 5;
const outOfOrderSequence = 45;

test("batches of a partition follow one another in sequence, outside of any transaction", async () => {
  const { run, sent } = await opened();
  await run(async (producer) => {
    await Promise.all([
      producer.send("out", 0, draftOf("a", "b")),
      producer.send("out", 0, draftOf("c")),
      producer.send("out", 1, draftOf("x")),
    ]);
    await producer.send("out", 0, draftOf("d"));
  });
  const batches = sent()
    .filter(({ partition }) => partition === 0)
    .map(({ bytes }) => hotDecode(bytes));
  expect(batches.map(({ baseSequence }) => baseSequence)).toEqual([0, 2, 3]);
  expect(batches.map(({ producerId }) => producerId)).toEqual([7, 7, 7]);
  expect(batches.every(({ attributes }) => attributes === 0)).toBe(true);
});

test("a batch whose answer was lost is sent again as it is, before the next one", async () => {
  const { run, sent, react } = await opened();
  react("produce", "disconnected", requestTimedOut, leaderNotAvailable);
  await run(async (producer) => {
    await Promise.all([
      producer.send("out", 0, draftOf("a")),
      producer.send("out", 0, draftOf("b")),
    ]);
  });
  const [first, second, third, fourth, next] = sent();
  for (const again of [second, third, fourth]) {
    expect(again!.bytes.equals(first!.bytes)).toBe(true);
  }
  expect(hotDecode(next!.bytes)).toMatchObject({ baseSequence: 1 });
});

test("a batch that is refused at once was surely not written; after a lost answer nobody knows", async () => {
  const { run, react } = await opened();
  await run(async (producer) => {
    react("produce", messageTooLarge);
    const large = producer.send("out", 0, draftOf("large"));
    await expect(large).rejects.toMatchObject({ code: "refused", definite: true });
    react("produce", "disconnected", outOfOrderSequence);
    const lost = producer.send("out", 0, draftOf("lost"));
    await expect(lost).rejects.toMatchObject({ code: "refused", definite: false });
  });
});

test("a partition goes on under a new producer id after a batch that failed; others keep theirs", async () => {
  const { run, sent, react, requests } = await opened();
  await run(async (producer) => {
    await producer.send("out", 0, draftOf("a"));
    await producer.send("out", 1, draftOf("x"));
    react("produce", outOfOrderSequence);
    await expect(producer.send("out", 0, draftOf("b"))).rejects.toMatchObject({ code: "refused" });
    await producer.send("out", 0, draftOf("c"));
    await producer.send("out", 1, draftOf("y"));
  });
  expect(requests().filter((request) => request === "init-producer").length).toBe(2);
  const sequences = sent().map(({ bytes }) => hotDecode(bytes).baseSequence);
  expect(sequences).toEqual([0, 0, 1, 0, 1]);
});

test("a broker that never answers is given up after two minutes, and nobody knows", async () => {
  const { run, react, clock } = await opened();
  react("produce", ...new Array(1_000).fill("disconnected"));
  await run(async (producer) => {
    const gone = { code: "unavailable", definite: false };
    await expect(producer.send("out", 0, draftOf("a"))).rejects.toMatchObject(gone);
  });
  expect(clock.monotonicMs()).toBeLessThanOrEqual(120_000);
  expect(clock.monotonicMs()).toBeGreaterThan(110_000);
});

test("closing ends what is still tried", async () => {
  const { run, react, clock } = await opened();
  react("produce", ...new Array(1_000).fill("disconnected"));
  await run(async (producer) => {
    const tried = expect(producer.send("out", 0, draftOf("a"))).rejects.toMatchObject({
      code: "closed",
      definite: false,
    });
    await clock.sleep(1_000);
    await producer.close();
    await tried;
  });
  expect(clock.monotonicMs()).toBe(1_000);
});

/** A producer on a scripted broker; `run` moves the clock until `work` is done. */
async function opened() {
  const clock = createVirtualClock(0);
  const scripted = scriptedBroker(clock);
  const { signal } = new AbortController();
  const producer = await clock.runUntil(openIdempotentProducer(scripted.broker, signal), 1_000);
  const run = (work: (producer: Producer) => Promise<void>): Promise<void> =>
    clock.runUntil(work(producer), 300_000);
  return { ...scripted, clock, run };
}
