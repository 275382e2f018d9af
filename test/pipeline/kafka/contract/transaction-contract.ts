/** Writing in transactions: what readers see when, and who may still write. */
import { expect, test } from "vitest";
import { type Bench, codeOf, nobody, unaborted } from "./contract-bench.ts";
import {
  committedValuesOf,
  createPlainFilter,
  decided,
  draftOf,
  fetchOf,
  valuesOf,
} from "./contract-records.ts";

export function transactionContract(bench: Bench): void {
  /** A client, a topic, and as many producers of ids of their own. */
  async function stage(partitions: number, producers: number) {
    const kafka = await bench.connect();
    const topic = await bench.createTopic(partitions);
    const opened = await Promise.all(
      Array.from({ length: producers }, () =>
        kafka.transactions.open(bench.uniqueName("producer"), 10_000, unaborted),
      ),
    );
    const [first, second] = opened;
    const { log } = kafka;
    const committed = (partition: number) => committedValuesOf(bench.clock, log, topic, partition);
    return { kafka, log, topic, first: first!, second: second ?? first!, committed };
  }

  test("an open transaction is uncommitted; its commit shows all its partitions", async () => {
    const { log, topic, first, committed } = await stage(2, 1);
    await first.send(topic, 0, draftOf("a", "b"));
    await first.send(topic, 1, draftOf("c"));
    expect(await valuesOf(log, topic, 0, "read_uncommitted")).toEqual(["a", "b"]);
    expect(await valuesOf(log, topic, 0, "read_committed")).toEqual([]);
    const stable = await log.endOffsets(topic, [0, 1], "read_committed");
    expect([stable.get(0), stable.get(1)]).toEqual([0, 0]);
    await first.commit(nobody, []);
    expect(await committed(0)).toEqual(["a", "b"]);
    expect(await committed(1)).toEqual(["c"]);
  });

  test("of an aborted transaction read committed gives nothing, and its offsets stay", async () => {
    const { log, topic, first, committed } = await stage(1, 1);
    await first.send(topic, 0, draftOf("kept"));
    await first.commit(nobody, []);
    await first.send(topic, 0, draftOf("aborted"));
    await first.abort();
    await first.send(topic, 0, draftOf("kept too"));
    await first.commit(nobody, []);
    expect(await committed(0)).toEqual(["kept", "kept too"]);
    const all = await valuesOf(log, topic, 0, "read_uncommitted");
    expect(all).toEqual(["kept", "aborted", "kept too"]);
    expect((await log.endOffsets(topic, [0], "read_committed")).get(0)).toBe(6);
  });

  test("one producer that aborts twice in one fetch is aborted twice", async () => {
    const { log, topic, first } = await stage(1, 1);
    for (const value of ["first", "second"]) {
      await first.send(topic, 0, draftOf(value));
      await first.abort();
    }
    await decided(bench.clock, log, topic, 0);
    const request = fetchOf(topic, new Map([[0, 0]]), { isolation: "read_committed" });
    const [fetched] = await log.fetch(request, unaborted);
    const offsets = fetched?.aborted.map(({ firstOffset }) => firstOffset).sort();
    expect(offsets).toEqual([0, 2]);
  });

  test("an abort is told to whoever reads one batch at a time", async () => {
    const { log, topic, first } = await stage(1, 1);
    for (const value of ["a", "b", "c"]) await first.send(topic, 0, draftOf(value));
    await first.abort();
    await decided(bench.clock, log, topic, 0);
    const filter = createPlainFilter();
    const values: unknown[] = [];
    for (let position = 0; position < 4; ) {
      const variant = { isolation: "read_committed", maxBytes: 1 } as const;
      const request = fetchOf(topic, new Map([[0, position]]), variant);
      const [fetched] = await log.fetch(request, unaborted);
      const read = filter(fetched!);
      values.push(...read.records);
      position = read.nextOffset;
    }
    expect(values).toEqual([]);
  });

  test("a reader that begins within an aborted transaction is told of it", async () => {
    const { log, topic, first } = await stage(1, 1);
    for (const value of ["a", "b"]) await first.send(topic, 0, draftOf(value));
    await first.abort();
    expect(await committedValuesOf(bench.clock, log, topic, 0, 1)).toEqual([]);
  });

  test("read committed waits before the first open transaction, for other producers too", async () => {
    const { log, topic, first, second, committed } = await stage(1, 2);
    await first.send(topic, 0, draftOf("open"));
    await second.send(topic, 0, draftOf("decided"));
    await second.commit(nobody, []);
    const request = fetchOf(topic, new Map([[0, 0]]), { isolation: "read_committed" });
    expect(await log.fetch({ ...request, maxWaitMs: 50 }, unaborted)).toEqual([]);
    await first.abort();
    expect(await committed(0)).toEqual(["decided"]);
  });

  test("sends to several partitions may be under way at once, and many batches to each", async () => {
    const { topic, first, committed } = await stage(3, 1);
    const partitions = [0, 1, 2];
    for (const round of ["a", "b", "c"]) {
      await Promise.all(
        partitions.map((partition) => first.send(topic, partition, draftOf(round))),
      );
    }
    await first.commit(nobody, []);
    for (const partition of partitions) {
      const values = await committed(partition);
      expect(values).toEqual(["a", "b", "c"]);
    }
  });

  test("a successor of the same id aborts what was left open and fences its predecessor", async () => {
    const { kafka, topic, committed } = await stage(1, 1);
    const id = bench.uniqueName("slot");
    const predecessor = await kafka.transactions.open(id, 10_000, unaborted);
    await predecessor.send(topic, 0, draftOf("left open"));
    const successor = await kafka.transactions.open(id, 10_000, unaborted);
    await successor.send(topic, 0, draftOf("by the successor"));
    await successor.commit(nobody, []);
    expect(await codeOf(predecessor.commit(nobody, []))).toBe("fenced");
    expect(await committed(0)).toEqual(["by the successor"]);
  });

  test("a fenced producer cannot write, and after its error it is of no more use", async () => {
    const { kafka, log, topic } = await stage(1, 1);
    const id = bench.uniqueName("slot");
    const predecessor = await kafka.transactions.open(id, 10_000, unaborted);
    await kafka.transactions.open(id, 10_000, unaborted);
    expect(await codeOf(predecessor.send(topic, 0, draftOf("zombie")))).toBe("fenced");
    expect(await codeOf(predecessor.send(topic, 0, draftOf("zombie")))).not.toBe("none");
    expect(await codeOf(predecessor.commit(nobody, []))).not.toBe("none");
    expect(await valuesOf(log, topic, 0, "read_uncommitted")).toEqual([]);
  });

  test("commit and abort without anything sent do nothing", async () => {
    const { log, topic, first, committed } = await stage(1, 1);
    await first.commit(nobody, []);
    await first.abort();
    expect((await log.endOffsets(topic, [0], "read_uncommitted")).get(0)).toBe(0);
    await first.send(topic, 0, draftOf("a"));
    await first.commit(nobody, []);
    expect(await committed(0)).toEqual(["a"]);
  });
}
