import { expect, test } from "vitest";
import { rowOf } from "../../../harness/facts/table.ts";
import type { TransactionTopic } from "../../../harness/facts/transaction-rows.ts";
import { createCommittedReader } from "../../../harness/observe/committed-reader.ts";
import { createTransactionAudit } from "../../../harness/observe/transaction-audit.ts";
import {
  checkBatch,
  endMarker,
  placeBatch,
  type TransactionOutcome,
} from "../../../harness/simulation/memory-batch.ts";
import { encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { createBatchWriter } from "../../../pipeline/kafka/wire/batch-writer.ts";
import { stampBatch } from "../../../pipeline/kafka/wire/stamp-batch.ts";
import { honestHistory, plan } from "../checks/history.ts";

type Step =
  | { readonly producer: number; readonly epoch?: number; readonly at: number }
  | {
      readonly producer: number;
      readonly epoch?: number;
      readonly end: TransactionOutcome;
      readonly at: number;
    };

const { aggregate } = honestHistory.published[10]!;

/** Batches of two aggregates, and markers; `at` is the producer's clock, and the broker's for a marker. */
function logOf(steps: readonly Step[]): Buffer {
  let offset = 0;
  const batches = steps.map((step) => {
    const { producer, epoch = 0, at } = step;
    if ("end" in step) {
      return placeBatch(endMarker(producer, epoch, step.end), offset++, at).bytes;
    }
    const writer = createBatchWriter(2_048);
    const key = Buffer.from(aggregate.device.id);
    const value = Buffer.from(encodeAggregate(aggregate));
    for (let nth = 0; nth < 2; nth++) writer.append(key, 0, key.length, value, 0, value.length);
    const stamp = { producerId: producer, producerEpoch: epoch, baseSequence: 0, timestamp: at };
    const draft = stampBatch(writer.draft(), { ...stamp, transactional: true });
    const placed = placeBatch(checkBatch(Buffer.from(draft)), offset, undefined);
    offset += 2;
    return placed.bytes;
  });
  return Buffer.concat(batches);
}

function auditOf(
  logs: readonly (readonly [TransactionTopic, number, readonly Step[]])[],
  limits?: Parameters<typeof createTransactionAudit>[1],
) {
  const audit = createTransactionAudit(plan, limits);
  for (const [topic, partition, steps] of logs) {
    const reader = createCommittedReader(0, audit.listener(topic, partition));
    reader.take(logOf(steps), () => undefined);
  }
  const { table, ...rest } = audit.finish();
  return { ...rest, rows: Array.from({ length: table.length }, (_, row) => rowOf(table, row)) };
}

test("what a transaction wrote into a partition is one row, with its marker", () => {
  const steps: Step[] = [
    { producer: 7, at: 100 },
    { producer: 7, at: 105 },
    { producer: 7, end: "commit", at: 110 },
  ];
  const { rows } = auditOf([["rejected", 3, steps]]);
  expect(rows).toEqual([
    {
      ...{ topic: 1, partition: 3, producerId: 7, epoch: 0, transactions: 1 },
      ...{ firstOffset: 0, lastOffset: 3, records: 4, firstStamp: 100, lastStamp: 105 },
      ...{ outcome: 0, markerOffset: 4, markerStamp: 110, markerEpoch: 0 },
    },
  ]);
});

test("aborted ones keep their aggregates; what is open at the end is open", () => {
  const steps: Step[] = [
    { producer: 7, at: 100 },
    { producer: 8, at: 101 },
    { producer: 7, epoch: 1, end: "abort", at: 110 },
    { producer: 7, epoch: 1, at: 120 },
  ];
  const { rows, aborted } = auditOf([["aggregated", 0, steps]]);
  expect(
    rows.map(({ producerId, epoch, outcome, markerEpoch }) => [
      producerId,
      epoch,
      outcome,
      markerEpoch,
    ]),
  ).toEqual([
    [7, 0, 1, 1],
    [8, 0, 2, -1],
    [7, 1, 2, -1],
  ]);
  const { device, offset, count } = aborted.table.columns;
  expect(aborted.table.length).toBe(2);
  expect([plan.deviceId(device[0]!), offset[0], offset[1]]).toEqual([aggregate.device.id, 0, 1]);
  expect(count[1]).toBe(aggregate.count);
});

test("two epochs within one transaction are two rows: whoever joined it is to be seen", () => {
  const steps: Step[] = [
    { producer: 7, at: 100 },
    { producer: 7, epoch: 1, at: 105 },
    { producer: 7, epoch: 1, end: "commit", at: 110 },
  ];
  const { rows } = auditOf([["aggregated", 0, steps]]);
  expect(rows.map(({ epoch, outcome }) => [epoch, outcome])).toEqual([
    [0, 0],
    [1, 0],
  ]);
});

const many: Step[] = Array.from({ length: 5 }, (_, nth): Step[] => [
  { producer: 7, at: nth * 10 },
  { producer: 7, end: nth === 3 ? "abort" : "commit", at: nth * 10 + 5 },
]).flat();

test("where there is no room for each, committed ones of one producer share a row, aborted ones never", () => {
  const { rows, dropped } = auditOf([["aggregated", 0, many]], { single: 1, rows: 9, aborted: 1 });
  expect(
    rows.map(({ outcome, transactions, records }) => [outcome, transactions, records]),
  ).toEqual([
    [0, 3, 6],
    [1, 1, 2],
    [0, 1, 2],
  ]);
  expect(dropped).toBe(0);
});

test("what finds no room at all is counted", () => {
  const { rows, dropped, abortedDropped } = auditOf([["aggregated", 0, many]], {
    ...{ single: 1, rows: 1, aborted: 1 },
  });
  expect(rows).toHaveLength(1);
  expect([dropped, abortedDropped]).toEqual([1, 1]);
});
