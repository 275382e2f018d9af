import fc from "fast-check";
import { expect, test } from "vitest";
import { createCommittedReader } from "../../../harness/observe/committed-reader.ts";
import {
  checkBatch,
  endMarker,
  placeBatch,
  type TransactionOutcome,
} from "../../../harness/simulation/memory-batch.ts";
import { createBatchWriter } from "../../../pipeline/kafka/wire/batch-writer.ts";
import { stampBatch } from "../../../pipeline/kafka/wire/stamp-batch.ts";

type Step =
  | { readonly records: number; readonly producer: number }
  | { readonly end: TransactionOutcome; readonly producer: number };

/** Producer 0 writes without transactions. Values name producer and a running number. */
function logOf(steps: readonly Step[]): { batches: Buffer[]; committed: string[]; end: number } {
  const batches: Buffer[] = [];
  const open = new Map<number, string[]>();
  const committed: string[] = [];
  let [offset, number] = [0, 0];
  for (const step of steps) {
    const { producer } = step;
    if ("end" in step) {
      batches.push(placeBatch(endMarker(producer, 0, step.end), offset++, 5).bytes);
      if (step.end === "commit") committed.push(...(open.get(producer) ?? []));
      open.delete(producer);
      continue;
    }
    const writer = createBatchWriter(64);
    const values = Array.from({ length: step.records }, () => `${producer}:${number++}`);
    for (const value of values) {
      const bytes = Buffer.from(value);
      writer.append(null, 0, 0, bytes, 0, bytes.length);
    }
    const transactional = producer !== 0;
    const stamp = { producerId: producer, producerEpoch: 0, baseSequence: 0, timestamp: 1 };
    const bytes = stampBatch(writer.draft(), { ...stamp, transactional });
    batches.push(placeBatch(checkBatch(Buffer.from(bytes)), offset, 5).bytes);
    offset += step.records;
    if (transactional) open.set(producer, [...(open.get(producer) ?? []), ...values]);
    else committed.push(...values);
  }
  return { batches, committed, end: offset };
}

function readAll(fetches: readonly Buffer[], from = 0) {
  const reader = createCommittedReader(from);
  const seen: string[] = [];
  const offsets: number[] = [];
  for (const bytes of fetches) {
    reader.take(bytes, (record) => {
      seen.push(record.bytes.toString("utf8", record.valueStart, record.valueEnd));
      offsets.push(record.offset);
    });
  }
  return { reader, seen, offsets };
}

const write = (producer: number, records = 2): Step => ({ producer, records });
const end = (producer: number, how: TransactionOutcome): Step => ({ producer, end: how });

test("what a transaction wrote is seen with its commit, and never after an abort", () => {
  const { batches } = logOf([write(1), write(1), end(1, "commit"), write(1), end(1, "abort")]);
  expect(readAll(batches.slice(0, 2)).seen).toEqual([]);
  expect(readAll(batches.slice(0, 3)).seen).toHaveLength(4);
  const { seen, reader } = readAll(batches);
  expect(seen).toHaveLength(4);
  expect(reader.aborted()).toBe(2);
});

test("an abort whose marker comes in a later fetch, with another transaction between, drops its own", () => {
  const { batches, committed } = logOf([
    write(1),
    write(2),
    end(2, "commit"),
    write(1),
    end(1, "abort"),
    write(1),
    end(1, "commit"),
  ]);
  const inOne = readAll([Buffer.concat(batches)]);
  const inMany = readAll(batches);
  expect(inOne.seen).toEqual(committed);
  expect(inMany.seen).toEqual(committed);
});

test("an open transaction is known by its first offset, and holds nothing else back", () => {
  const { batches } = logOf([write(0), write(1), write(0)]);
  const { reader, seen } = readAll(batches);
  expect(reader.openSince()).toBe(2);
  expect(seen).toHaveLength(4);
  expect(reader.nextOffset()).toBe(6);
});

test("a fetch that begins before the offset asked for does not repeat what was read", () => {
  const { batches } = logOf([write(0, 5), write(0, 5)]);
  const whole = Buffer.concat(batches);
  const { offsets } = readAll([whole, whole], 3);
  expect(offsets).toEqual([3, 4, 5, 6, 7, 8, 9]);
});

const steps = fc.array(
  fc.oneof(
    fc.record({ producer: fc.nat(3), records: fc.integer({ min: 1, max: 4 }) }),
    fc.record({
      producer: fc.integer({ min: 1, max: 3 }),
      end: fc.constantFrom<TransactionOutcome>("commit", "abort"),
    }),
  ),
  { maxLength: 30 },
);

test("however the log is cut into fetches, the committed records are the same", () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat(30)), (history, cuts) => {
      const { batches, committed, end: total } = logOf(history);
      const borders = [0, ...cuts.filter((cut) => cut < batches.length).sort((a, b) => a - b)];
      const fetches = borders.map((from, k) => Buffer.concat(batches.slice(from, borders[k + 1])));
      const { seen, reader } = readAll(fetches);
      expect(seen).toEqual(committed);
      expect(reader.nextOffset()).toBe(total);
    }),
  );
});
