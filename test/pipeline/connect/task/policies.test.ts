/**
 * What becomes of a record that fails: every policy, at every stage of a record's way, its fault
 * planted.
 */
import { expect, test } from "vitest";
import { failed, retriable, type Sink, type WriteResult } from "../../../../pipeline/sinks/sink.ts";
import { aggregate } from "../../sinks/sample-writes.ts";
import {
  createTaskBench,
  deadLetterTopic,
  jobConfig,
  type Published,
  topic,
} from "./task-bench.ts";

const keyed = (id: string, trace: string | Uint8Array = id): Published => ({
  key: Buffer.from(JSON.stringify({ id })),
  json: aggregate(id, 0, 1),
  headers: [{ key: "trace", value: typeof trace === "string" ? Buffer.from(trace) : trace }],
});

const without = (field: string, id: string): string =>
  JSON.stringify({ ...aggregate(id, 0, 1), [field]: undefined });

/** The store's answer to the record of device "bad". */
const answering =
  (answer: () => WriteResult) =>
  (sink: Sink): Sink => ({
    ...sink,
    write: async (batch, signal) => {
      const isBad = batch.map(({ id }) => id[0] === "bad");
      const results = await sink.write(
        batch.filter((_, at) => !isBad[at]),
        signal,
      );
      const rest = results.values();
      return isBad.map((bad) => (bad ? answer() : rest.next().value!));
    },
  });

type Fault = {
  readonly stage: string;
  readonly bad: Published;
  readonly wrap?: (sink: Sink) => Sink;
  /** How the task ends where nothing is skipped. */
  readonly code: string;
  /** Surely the record's own fault, so that `errors.tolerance=all` skips it. */
  readonly isDefinite: boolean;
};

const reads = { code: "unreadable-record", isDefinite: true };
const bad = keyed("bad");
const later = new Error("later");

const faults: Readonly<Record<string, Fault>> = {
  "no JSON": { stage: "VALUE_CONVERTER", bad: "{", ...reads },
  "a JSON list": { stage: "VALUE_CONVERTER", bad: "[1]", ...reads },
  "a key that is no JSON": {
    stage: "KEY_CONVERTER",
    bad: { ...(bad as object), key: Buffer.from("{"), json: aggregate("bad", 0, 1) },
    ...reads,
  },
  "a header that is no text": {
    stage: "HEADER_CONVERTER",
    bad: keyed("bad", Uint8Array.of(0xff)),
    ...reads,
  },
  "a record without a value": {
    stage: "TRANSFORMATION",
    bad: { ...(bad as object), key: Buffer.from("{}"), json: null },
    ...reads,
  },
  "a record without its version": {
    stage: "TRANSFORMATION",
    bad: { ...(bad as object), key: Buffer.from('{"id":"bad"}'), json: without("version", "bad") },
    ...reads,
  },
  "a record without its primary key": {
    stage: "TRANSFORMATION",
    bad: { key: Buffer.from("{}"), json: aggregate("bad", 0, 1) },
    ...reads,
  },
  "a record that the store refuses": {
    stage: "TASK_PUT",
    bad,
    wrap: answering(() => failed(new Error("no such mapping"))),
    code: "write-refused",
    isDefinite: true,
  },
  "a record that the store surely did not take": {
    stage: "TASK_PUT",
    bad,
    wrap: answering(() => retriable(later, { definite: true })),
    code: "retries-exhausted",
    isDefinite: false,
  },
  "a record of which nobody knows": {
    stage: "TASK_PUT",
    bad,
    wrap: answering(() => retriable(later)),
    code: "retries-exhausted",
    isDefinite: false,
  },
  "a record that came to a store with too much to do": {
    stage: "TASK_PUT",
    bad,
    wrap: answering(() => retriable(later, { overloaded: true, definite: true })),
    code: "retries-exhausted",
    isDefinite: false,
  },
};

const config = (policy: string, tolerance: string) =>
  jobConfig({
    "connect.elastic.kcql":
      `INSERT INTO temps SELECT * FROM ${topic} AUTOCREATE PK _key.id, window.start, _header.trace ` +
      "WITHINDEXSUFFIX=`-{yyyy.MM.dd}`",
    "key.converter": "org.apache.kafka.connect.json.JsonConverter",
    "connect.elastic.error.policy": policy,
    "connect.elastic.max.retries": 2,
    "errors.tolerance": tolerance,
    "errors.deadletterqueue.topic.name": deadLetterTopic,
  });

for (const policy of ["RETRY", "NOOP", "THROW"]) {
  for (const tolerance of ["none", "all"]) {
    test.each(Object.entries(faults))(
      `${policy}, errors.tolerance=${tolerance}: %s`,
      async (_, { stage, bad: record, wrap, code, isDefinite }) => {
        const bench = createTaskBench(1);
        await bench.publish(0, [keyed("d0"), record, keyed("d1")]);
        const options = { config: config(policy, tolerance), ...(wrap && { wrap }) };
        const task = bench.start(options);
        await bench.clock.advance(60_000);
        const skips = policy === "NOOP" || (tolerance === "all" && isDefinite);
        if (!skips) {
          await expect(task.ended).rejects.toMatchObject({ code, record: { offset: 1 } });
          expect(await bench.committed(0)).toBeLessThanOrEqual(1);
          expect(await bench.deadLetters()).toEqual([]);
          expect(task.meter).toMatchObject({ skipped: 0, deadLetters: 0, failures: 1 });
          return;
        }
        task.stop();
        await bench.clock.runUntil(task.ended, 10_000);
        expect(Object.keys(bench.stored())).toEqual(["d0@1768435200000", "d1@1768435200000"]);
        expect(await bench.committed(0)).toBe(4); // the marker of the transaction is offset 3
        const letters = await bench.deadLetters();
        expect(letters.map(({ headers }) => headers["__connect.errors.stage"])).toEqual([stage]);
        expect(task.meter).toMatchObject({ skipped: 1, deadLetters: 1, failures: 1 });
      },
    );
  }
}

test("under NOOP what is not known is asked again as often as under RETRY, then skipped", async () => {
  const attempts: number[] = [];
  const counting = (sink: Sink): Sink => ({
    ...sink,
    write: (batch, signal) => {
      attempts.push(batch.length);
      return answering(() => retriable(later))(sink).write(batch, signal);
    },
  });
  const bench = createTaskBench(1);
  await bench.publish(0, [keyed("d0"), bad, keyed("d1")]);
  const task = bench.start({ config: config("NOOP", "none"), wrap: counting });
  await bench.clock.advance(5_000);
  expect(attempts).toEqual([3, 1, 1]);
  expect(task.meter).toMatchObject({ retries: 2, errors: 3, failures: 1, skipped: 1 });
});

test("RETRY waits its interval between attempts; longer only for a store with too much to do", async () => {
  const waits = async (answer: WriteResult) => {
    const bench = createTaskBench(1);
    const at: number[] = [];
    const timing = (sink: Sink): Sink => ({
      ...sink,
      write: async (batch) => {
        at.push(bench.clock.monotonicMs());
        return batch.map(() => answer);
      },
    });
    await bench.publish(0, [keyed("d0")]);
    bench.start({ config: config("RETRY", "none"), wrap: timing });
    await bench.clock.advance(5_000);
    return at.slice(1).map((ms, index) => Math.round(ms - at[index]!));
  };
  expect(await waits(retriable(later))).toEqual([100, 100]);
  expect(await waits(retriable(later, { overloaded: true }))).toEqual([150, 300]);
});

test("a record of several statements is skipped once, and what they stored of it stays", async () => {
  const bench = createTaskBench(1);
  await bench.publish(0, [aggregate("d0", 0, 1), aggregate("bad", 0, 1), aggregate("d1", 0, 1)]);
  const one = (index: string) => `INSERT INTO ${index} SELECT * FROM ${topic} PK device.id`;
  const task = bench.start({
    config: jobConfig({
      "connect.elastic.kcql": `${one("temps")}; ${one("copies")}; ${one("others")}`,
      "connect.elastic.error.policy": "NOOP",
      "errors.deadletterqueue.topic.name": deadLetterTopic,
    }),
    wrap: (sink) => ({
      ...sink,
      write: async (batch, signal) => {
        const results = await sink.write(batch, signal);
        return results.map((result, at) => {
          const { statement, id } = batch[at]!;
          const isRefused = id[0] === "bad" && statement.target !== "others";
          return isRefused ? failed(new Error("no")) : result;
        });
      },
    }),
  });
  await bench.clock.advance(1_000);
  expect(await bench.deadLetters()).toHaveLength(1);
  expect(task.meter).toMatchObject({ read: 3, sent: 3, stored: 7, skipped: 1, errors: 2 });
  expect([...bench.store.indices.get("others")!.keys()]).toEqual(["d0", "bad", "d1"]);
});
