import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../harness/simulation/memory-clock.ts";
import { createHotProducer } from "../../simulator/hot-producer.ts";
import { batchMaxBytes, type Producer, type SendResult } from "../../simulator/producer.ts";
import { createFakeBroker, type FakeBroker, type Fault } from "./broker-fixture.ts";

type Settled = { partition: number; values: string[]; sentAtMs: number; result: SendResult };

type Bench = {
  readonly broker: FakeBroker;
  readonly clock: VirtualClock;
  readonly producer: Producer;
  readonly settled: Settled[];
  readonly append: (partition: number, value: string) => void;
  readonly idle: () => Promise<void>;
};

async function bench(
  script: (partition: number) => Fault,
  more: { partitions?: number[]; firstSequence?: number; greeted?: boolean } = {},
): Promise<Bench> {
  const broker = createFakeBroker(script);
  const clock = createVirtualClock(1_000_000);
  const settled: Settled[] = [];
  const open = new Map<number, string[]>();
  const { partitions = [0] } = more;
  const producer = await createHotProducer({
    port: broker,
    clock,
    partitions,
    firstSequence: more.firstSequence ?? 0,
    settle: (partition, count, sentAtMs, result) => {
      const values = open.get(partition)!.splice(0, count);
      settled.push({ partition, values, sentAtMs, result });
    },
  });
  const append = (partition: number, value: string): void => {
    open.set(partition, [...(open.get(partition) ?? []), value]);
    const bytes = Buffer.from(value);
    producer.append(partition, bytes, 0, 1, bytes, 0, bytes.length);
  };
  const idle = (): Promise<void> => clock.runUntil(producer.idle(), 600_000);
  if (more.greeted) {
    // Until its first ack a producer sends one batch at a time.
    for (const partition of partitions) append(partition, "-");
    producer.flush();
    await idle();
    settled.length = 0;
    broker.attempts.length = 0;
  }
  return { broker, clock, producer, settled, append, idle };
}

/** Faults in this order, then all is well. */
function faults(...list: Fault[]): () => Fault {
  return () => list.shift() ?? "ok";
}

function outcomes(settled: readonly Settled[]): string[] {
  return settled.map(({ values, result }) => `${values.join("")}:${result.outcome}`);
}

/** Appends and flushes each value as a batch of its own. */
async function sendEach(at: Bench, ...values: string[]): Promise<void> {
  for (const value of values) {
    at.append(0, value);
    at.producer.flush();
  }
  await at.idle();
}

test("one request carries one batch of each partition, and each is acked with its offset", async () => {
  const at = await bench(faults(), { partitions: [0, 1] });
  for (const value of ["a", "b", "c"]) at.append(0, value);
  at.append(1, "x");
  at.producer.flush();
  await at.idle();
  at.append(0, "d");
  at.producer.flush();
  await at.idle();
  expect(at.settled).toEqual([
    {
      partition: 0,
      values: ["a", "b", "c"],
      sentAtMs: 1e6,
      result: { outcome: "acked", baseOffset: 0 },
    },
    { partition: 1, values: ["x"], sentAtMs: 1e6, result: { outcome: "acked", baseOffset: 0 } },
    { partition: 0, values: ["d"], sentAtMs: 1e6, result: { outcome: "acked", baseOffset: 3 } },
  ]);
  expect(at.broker.attempts.map(({ sequence }) => sequence)).toEqual([0, 0, 3]);
});

test("slow answers do not bunch requests: what comes every 4 ms waits for a fifth of an answer at most", async () => {
  const at = await bench(faults(), { greeted: true });
  Object.defineProperty(at.broker, "hold", { get: () => at.clock.sleep(40) });
  for (let i = 0; i < 200; i++) {
    at.append(0, "r");
    at.producer.flush();
    await at.clock.advance(4);
  }
  await at.idle();
  const left = at.settled.map(({ sentAtMs }) => sentAtMs).filter((ms) => ms > 1e6 + 200);
  const gaps = left.slice(1).map((ms, i) => ms - left[i]!);
  expect(gaps.length).toBeGreaterThan(60);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(12);
  expect(at.broker.log(0)).toHaveLength(201);
});

test("a retry is the same bytes, and what was sent behind it follows in order", async () => {
  const at = await bench(faults("ok", "moved"), { greeted: true });
  await sendEach(at, "a", "b", "c");
  expect(at.broker.log(0).join("")).toMatch(/^-?abc$/);
  expect(outcomes(at.settled)).toEqual(["a:acked", "b:acked", "c:acked"]);
  const [first] = at.broker.attempts;
  const again = at.broker.attempts.filter(({ sequence }) => sequence === 1);
  expect(again).toEqual([first, first]);
});

test("a batch whose answer was lost is known again by the broker and acked with its offset", async () => {
  const at = await bench(faults("ok", "lost-answer", "lost-answer"), { greeted: true });
  await sendEach(at, "a", "b", "c");
  expect(at.broker.log(0).join("")).toMatch(/^-?abc$/);
  expect(at.settled.map(({ result }) => result)).toEqual([
    { outcome: "acked", baseOffset: 1 },
    { outcome: "acked", baseOffset: 2 },
    { outcome: "acked", baseOffset: 3 },
  ]);
});

test("a batch that is refused for what it is fails alone: the rest goes on under a new producer id", async () => {
  const at = await bench(faults("ok", "refused"), { greeted: true });
  await sendEach(at, "a", "b", "c");
  expect(outcomes(at.settled)).toEqual(["a:failed", "b:acked", "c:acked"]);
  expect(at.broker.log(0)).toEqual(["-", "b", "c"]);
  const ids = new Set(at.broker.attempts.map(({ producerId }) => producerId));
  expect(ids.size).toBe(2);
});

test("a producer that the broker forgot sends what surely was not written under a new id", async () => {
  const at = await bench(faults("ok", "ok", "forgotten"), { greeted: true });
  await sendEach(at, "a", "b", "c");
  expect(outcomes(at.settled)).toEqual(["a:acked", "b:acked", "c:acked"]);
  expect(at.broker.log(0).join("")).toMatch(/^-?abc$/);
});

test("without an answer until the deadline a batch is unknown, and no other producer id ever carries it", async () => {
  let deaf = false;
  const at = await bench(() => (deaf ? "lost-answer" : "ok"), { greeted: true });
  deaf = true;
  at.append(0, "a");
  at.producer.flush();
  at.append(0, "b");
  at.producer.flush();
  await at.clock.advance(29_000);
  expect(at.settled).toEqual([]);
  at.append(0, "c");
  await at.clock.advance(2_000);
  deaf = false;
  await at.idle();
  expect(outcomes(at.settled)).toEqual(["a:unknown", "b:unknown", "c:acked"]);
  expect(at.broker.log(0).filter((value) => value === "a")).toHaveLength(1);
  const ids = at.broker.attempts.flatMap(({ values, producerId }) =>
    values.includes("a") ? [producerId] : [],
  );
  expect(new Set(ids).size).toBe(1);
});

test("a batch for which there was no leader until the deadline surely failed", async () => {
  const at = await bench(() => "away");
  at.append(0, "a");
  at.producer.flush();
  await at.idle();
  expect(outcomes(at.settled)).toEqual(["a:failed"]);
  expect(at.clock.monotonicMs()).toBeGreaterThanOrEqual(30_000);
  expect(at.clock.monotonicMs()).toBeLessThan(32_000);
});

test("a batch whose broker stopped leading before it could ack is unknown, if none takes its place in time", async () => {
  let answers = 0;
  const at = await bench(() => (answers++ === 0 ? "left" : "away"));
  at.append(0, "a");
  at.producer.flush();
  await at.idle();
  expect(at.broker.log(0)).toEqual(["a"]);
  expect(outcomes(at.settled)).toEqual(["a:unknown"]);
});

test("until its first ack a producer sends one batch of a partition at a time", async () => {
  const at = await bench(faults("moved"));
  await sendEach(at, "a", "b", "c");
  expect(at.broker.attempts.map(({ values }) => values.join(""))).toEqual(["a", "a", "bc"]);
});

test("at most five requests are under way, and what comes meanwhile goes together in the next", async () => {
  const at = await bench(faults(), { greeted: true });
  const held = Promise.withResolvers<void>();
  at.broker.hold = held.promise;
  for (let i = 0; i < 50; i++) {
    at.append(0, String.fromCharCode(65 + i));
    at.producer.flush();
  }
  expect(at.broker.largestUnderWay()).toBe(5);
  at.broker.hold = undefined;
  held.resolve();
  await at.idle();
  expect(at.broker.largestUnderWay()).toBe(5);
  expect(at.settled.map(({ values }) => values.length)).toEqual([1, 1, 1, 1, 1, 45]);
});

test("a partition in trouble holds back nobody else, and says when it has no room", async () => {
  const at = await bench((partition) => (partition === 0 ? "away" : "ok"), { partitions: [0, 1] });
  at.append(0, "a");
  at.append(1, "x");
  at.producer.flush();
  await at.clock.advance(100);
  at.append(1, "y");
  at.append(0, "b".repeat(10_000));
  const before = at.producer.room(0);
  expect(before).toBeLessThan(batchMaxBytes - 10_000);
  at.producer.flush();
  await at.clock.advance(5);
  expect(outcomes(at.settled)).toEqual(["x:acked", "y:acked"]);
  expect(at.producer.room(0)).toBe(before);
  await at.producer.close();
  expect(at.broker.closed).toBe(true);
  expect(at.settled.slice(2).map(({ result }) => result.outcome)).toEqual(["failed", "failed"]);
});

test("what is under way when the producer is closed is unknown", async () => {
  const at = await bench(faults());
  const held = Promise.withResolvers<void>();
  at.broker.hold = held.promise;
  at.append(0, "a");
  at.producer.flush();
  at.append(0, "b");
  await at.producer.close();
  held.resolve();
  await at.clock.settle();
  expect(outcomes(at.settled)).toEqual(["a:unknown", "b:failed"]);
});

test("an error that is no answer ends the producer: everything settles and the load hears of it", async () => {
  const at = await bench(() => {
    throw new Error("a bug");
  });
  at.append(0, "a");
  at.producer.flush();
  await expect(at.producer.idle()).rejects.toThrow("a bug");
  expect(outcomes(at.settled)).toEqual(["a:unknown"]);
  expect(() => at.producer.flush()).toThrow("a bug");
});

test("sequences wrap to 0 after 2^31 − 1", async () => {
  const at = await bench(faults(), { firstSequence: 2 ** 31 - 500 });
  for (let batch = 0; batch < 4; batch++) {
    for (let i = 0; i < 250; i++) at.append(0, `${batch}/${i}`);
    at.producer.flush();
    await at.idle();
  }
  expect(at.broker.attempts.map(({ sequence }) => sequence)).toEqual([
    2 ** 31 - 500,
    2 ** 31 - 250,
    0,
    250,
  ]);
  expect(at.broker.log(0)).toHaveLength(1000);
});

test("whatever fails: acked is in the log once, failed never, unknown at most once, and order is kept", async () => {
  const fault = fc.constantFrom<Fault>(
    "ok",
    "ok",
    "ok",
    "moved",
    "lost-request",
    "lost-answer",
    "refused",
    "forgotten",
  );
  const script = fc.array(fault, { maxLength: 40 });
  const pauses = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(script, script, pauses, async (first, second, gaps) => {
      const scripts = [first.slice(), second.slice()];
      const at = await bench((partition) => scripts[partition]!.shift() ?? "ok", {
        partitions: [0, 1],
      });
      let n = 0;
      for (const gap of gaps) {
        for (const partition of [0, 1]) at.append(partition, `${partition}-${n++}`);
        at.producer.flush();
        if (gap > 0) await at.clock.advance(gap * 10);
      }
      await at.idle();
      for (const partition of [0, 1]) {
        const mine = at.settled.filter((each) => each.partition === partition);
        const log = at.broker.log(partition);
        const values = (outcome: string): string[] =>
          mine.filter(({ result }) => result.outcome === outcome).flatMap((each) => each.values);
        expect(mine.flatMap((each) => each.values)).toHaveLength(gaps.length);
        expect(new Set(log).size).toBe(log.length);
        expect(log.filter((value) => values("acked").includes(value))).toEqual(values("acked"));
        expect(log.filter((value) => values("failed").includes(value))).toEqual([]);
        for (const { result, values: acked } of mine) {
          if (result.outcome !== "acked" || result.baseOffset < 0) continue;
          expect(log.slice(result.baseOffset, result.baseOffset + acked.length)).toEqual(acked);
        }
      }
    }),
    { numRuns: 200 },
  );
});
