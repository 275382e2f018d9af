/**
 * Notes the transactions of the pipeline's topics as they lie in the log: who wrote, at which
 * epoch, when, and how the marker ended it. Judges nothing. Aggregates of aborted transactions are
 * kept, too, so that a store that holds one can be told from a store that made something up.
 */
import type { Batch } from "../../pipeline/kafka/wire/batch-reader.ts";
import type { Plan } from "../../simulator/plan.ts";
import { createAggregatedRows } from "../facts/aggregated-rows.ts";
import { addValues, createTable, type Table } from "../facts/table.ts";
import {
  type TransactionFacts,
  type TransactionTopic,
  transactionOutcomes,
  transactionSpec,
  transactionTopics,
} from "../facts/transaction-rows.ts";
import type { TransactionListener } from "./committed-reader.ts";
import { type AggregatedAudit, createAggregatedAudit } from "./topic-audit.ts";

export type TransactionAudit = {
  readonly listener: (topic: TransactionTopic, partition: number) => TransactionListener;
  /** The open ones are those of now. Once. */
  readonly finish: () => TransactionFacts;
};

type TransactionAuditLimits = {
  /**
   * Rows from which on committed transactions of one producer that follow each other share a row:
   * at five transactions a second in eight partitions of two topics an hour and a half.
   */
  readonly single: number;
  /** Rows in all; 84 bytes each. */
  readonly rows: number;
  /** Aborted aggregates kept: what a crash leaves behind is a transaction, not a topic. */
  readonly aborted: number;
};

const usual: TransactionAuditLimits = { single: 400_000, rows: 500_000, aborted: 100_000 };

type Row = { -readonly [K in keyof typeof transactionSpec]: number };

export function createTransactionAudit(plan: Plan, limits = usual): TransactionAudit {
  const table = createTable(transactionSpec);
  /** Made when the first is seen: most runs see none. */
  let aborted: AggregatedAudit | undefined;
  const open = new Set<Row>();
  let [dropped, abortedDropped] = [0, 0];

  function listener(name: TransactionTopic, partition: number): TransactionListener {
    const topic = transactionTopics.indexOf(name);
    /** What each producer has open here, an epoch at a time. */
    const mine = new Map<number, Row[]>();
    /** Where the last row of this partition is. */
    let last = -1;

    function onBatch(batch: Batch): void {
      const rows = mine.get(batch.producerId) ?? [];
      mine.set(batch.producerId, rows);
      const current = rows.at(-1);
      if (current?.epoch === batch.producerEpoch) {
        extend(current, batch);
        return;
      }
      const row = openRow(topic, partition, batch);
      rows.push(row);
      open.add(row);
    }

    function onEnd(marker: Batch, outcome: "commit" | "abort"): void {
      const rows = mine.get(marker.producerId) ?? [];
      mine.delete(marker.producerId);
      for (const row of rows) {
        open.delete(row);
        row.outcome = transactionOutcomes.indexOf(outcome === "commit" ? "committed" : "aborted");
        row.markerOffset = marker.baseOffset;
        row.markerStamp = marker.maxTimestamp;
        row.markerEpoch = marker.producerEpoch;
        if (isFull() && joins(table, last, row)) join(table, last, row);
        else if (table.length < limits.rows) last = addValues(table, row);
        else dropped += 1;
      }
    }

    return {
      onBatch,
      onEnd,
      onAborted(record, batch) {
        if (topic !== 0) return;
        aborted ??= createAggregatedAudit(plan);
        if (aborted.rows.table.length >= limits.aborted) abortedDropped += 1;
        else aborted.push(partition, record, batch.producerId);
      },
    };
  }

  function isFull(): boolean {
    return table.length >= limits.single;
  }

  function finish(): TransactionFacts {
    for (const row of open) addValues(table, row);
    return { table, dropped, aborted: aborted?.rows ?? createAggregatedRows(), abortedDropped };
  }

  return { listener, finish };
}

function openRow(topic: number, partition: number, batch: Batch): Row {
  const { producerId, producerEpoch: epoch, baseOffset: firstOffset } = batch;
  const firstStamp = batch.logAppendTime ? batch.maxTimestamp : batch.baseTimestamp;
  const row: Row = {
    ...{ topic, partition, producerId, epoch, firstOffset, lastOffset: -1, records: 0 },
    ...{ firstStamp, lastStamp: -1, outcome: transactionOutcomes.indexOf("open") },
    ...{ markerOffset: Number.NaN, markerStamp: Number.NaN, markerEpoch: -1, transactions: 1 },
  };
  extend(row, batch);
  return row;
}

function extend(row: Row, batch: Batch): void {
  row.lastOffset = batch.lastOffset;
  row.lastStamp = Math.max(row.lastStamp, batch.maxTimestamp);
  row.records += batch.count;
}

type Transactions = Table<typeof transactionSpec>;

/**
 * Whether both are committed and of one producer: nothing is lost but where one ended and the other
 * began.
 */
function joins({ columns }: Transactions, at: number, row: Row): boolean {
  if (at < 0) return false;
  const alike = (["producerId", "epoch", "outcome"] as const).every(
    (name) => columns[name][at] === row[name],
  );
  return alike && row.outcome === transactionOutcomes.indexOf("committed");
}

function join({ columns }: Transactions, at: number, row: Row): void {
  for (const name of ["records", "transactions"] as const) columns[name][at]! += row[name];
  const latest = ["lastOffset", "lastStamp", "markerOffset", "markerStamp", "markerEpoch"] as const;
  for (const name of latest) columns[name][at] = row[name];
}
