/**
 * A whole tiny run without servers: the plan's log, an honest pipeline made of plain maps, two stores. Tests
 * bend one part of it and ask what the checks say.
 */
import type { AckRange } from "../../../harness/facts/ack-ranges.ts";
import type { DeadLetterRows } from "../../../harness/facts/dead-letter-rows.ts";
import { parseDigest } from "../../../harness/facts/digest-text.ts";
import type { RunFacts } from "../../../harness/facts/run-facts.ts";
import type { RunRecord } from "../../../harness/facts/run-record.ts";
import { createStoreRows, type StoreRows } from "../../../harness/facts/store-rows.ts";
import { addValues, createTable } from "../../../harness/facts/table.ts";
import { type TransactionFacts, transactionSpec } from "../../../harness/facts/transaction-rows.ts";
import { createDeadLetterAudit } from "../../../harness/observe/dead-letter-audit.ts";
import { createRawAudit } from "../../../harness/observe/raw-audit.ts";
import { createAggregatedAudit } from "../../../harness/observe/topic-audit.ts";
import { createRejectedAudit } from "../../../harness/observe/topic-audit-rejected.ts";
import { type Aggregate, encodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { models } from "../../../pipeline/contract/reading.ts";
import { closingReadings } from "../../../simulator/closing.ts";
import { createPartitionWalk } from "../../../simulator/partition-walk.ts";
import { createPlan, type PlannedReading, type PlanOptions } from "../../../simulator/plan.ts";
import { bruteForce, foldOf, type ModelWindow, type RawRecord } from "../expected/brute-force.ts";

export const options: PlanOptions = {
  seed: 4,
  devices: 20,
  everyMs: 10_000,
  startAt: Date.UTC(2026, 0, 14, 23, 55),
  loadMs: 720_000,
  partitions: 2,
  format: "avro",
  window: { sizeMs: 60_000, graceMs: 10_000, retentionMs: 120_000, aheadMs: 600_000, quorum: 3 },
  mix: {
    outOfOrder: 0.05,
    revising: 0.05,
    late: 0.03,
    duplicated: 0.05,
    malformed: 0.01,
    missing: 0.02,
  },
};
export const plan = createPlan(options);
export const span = 64;
export const loadEnd = options.startAt + options.loadMs;
const topics = { raw: "raw", aggregated: "aggregated", rejected: "rejected" };

export type SentRecord = RawRecord & {
  readonly device: number;
  readonly index: number;
  readonly copy: number;
  readonly fate: number;
};

/** What the simulator sends to a partition, closing readings and all. */
export function sendsOf(partition: number, cutAt = loadEnd): SentRecord[] {
  const sent: SentRecord[] = [];
  const add = (reading: PlannedReading, copy: number): void => {
    const key = reading.idBytes.slice(reading.idStart, reading.idEnd);
    const bytes = new Uint8Array(plan.encodedMaxBytes);
    const value = bytes.slice(0, plan.encode(reading, bytes, 0));
    const { device, index, fate } = reading;
    sent.push({ key, value, device, index, copy, fate });
  };
  createPartitionWalk(plan, partition).advance(cutAt, add);
  for (const reading of closingReadings(plan, partition, cutAt)) add(reading, 0);
  return sent;
}

export type Log = readonly (readonly RawRecord[])[];
export const honestLog: readonly (readonly SentRecord[])[] = [0, 1].map((p) => sendsOf(p));

export type Published = {
  readonly partition: number;
  readonly aggregate: Aggregate;
  /** What is in the topic in its place. */
  readonly poison?: Uint8Array;
};

/** A record of a dead-letter topic: the source that its headers name, and its value. */
export type Letter = {
  readonly topic?: string;
  readonly partition: number;
  readonly offset: number;
  readonly value: Uint8Array;
};
export type Refused = {
  readonly partition: number;
  readonly offset: number;
  readonly reason: string;
  readonly record: RawRecord;
};

/** What an honest aggregator makes of a log: every revision from the first due one on. */
export function aggregateHonestly(log: Log): { published: Published[]; refused: Refused[] } {
  const published: Published[] = [];
  const refused: Refused[] = [];
  for (const [partition, records] of log.entries()) {
    const model = bruteForce(options, partition, span);
    for (const [offset, record] of records.entries()) {
      const reason = model.fold(record);
      if (reason === "accepted" || reason === "duplicate") continue;
      refused.push({ partition, offset, reason, record });
    }
    for (const window of model.windows.values()) {
      const revisions = window.firstDue === 0 ? 0 : window.accepted.length - window.firstDue + 1;
      for (let nth = 0; nth < revisions; nth++) {
        published.push({ partition, aggregate: aggregateOf(window, window.firstDue + nth) });
      }
    }
  }
  return { published, refused };
}

function aggregateOf(window: ModelWindow, k: number): Aggregate {
  const { count, min, max, sum, digest } = foldOf(window, k);
  const end = window.start + options.window.sizeMs;
  const day = new Date(window.start).toISOString().slice(0, 10);
  return {
    device: { id: window.device, home: window.home, model: models[window.model]! },
    window: { start: window.start, end, day },
    count,
    temperature: { min: min / 100, max: max / 100, mean: sum / count / 100, sum },
    revision: count,
    version: end * 1000 + count,
    digest,
  };
}

export type StoredRow = { readonly aggregate: Aggregate; readonly group: string };

/** The last published revision of every window. */
export function storeHonestly(published: readonly Published[]): StoredRow[] {
  const last = new Map(
    published.map(({ aggregate }) => [
      `${aggregate.device.id}/${aggregate.window.start}`,
      aggregate,
    ]),
  );
  return [...last.values()].map((aggregate) => ({ aggregate, group: `t-${aggregate.window.day}` }));
}

export type History = {
  readonly log: Log;
  readonly published: readonly Published[];
  readonly refused: readonly Refused[];
  readonly elasticsearch: readonly StoredRow[];
  readonly cassandra: readonly StoredRow[];
  /** Of the job that writes to Elasticsearch; undefined: it has no dead-letter topic. */
  readonly letters?: readonly Letter[];
  readonly acks: readonly AckRange[];
  readonly record: Partial<RunRecord>;
  readonly cutAt: number;
  readonly rawReachedEnd: boolean;
  readonly topicsReachedEnd: boolean;
  readonly transactions: readonly Transaction[];
  /** What aborted transactions held. */
  readonly aborted: readonly Published[];
};

/** What one transaction wrote into one partition. */
export type Transaction = Partial<{ readonly [K in keyof typeof transactionSpec]: number }>;

const honest = aggregateHonestly(honestLog);
export const honestHistory: History = {
  log: honestLog,
  ...honest,
  elasticsearch: storeHonestly(honest.published),
  cassandra: storeHonestly(honest.published),
  acks: honestLog.map((log, partition) => ({
    partition,
    from: 0,
    to: log.length,
    outcome: "acked",
  })),
  record: {},
  cutAt: loadEnd,
  rawReachedEnd: true,
  topicsReachedEnd: true,
  // Producer 7, as everywhere here: one transaction a partition.
  transactions: [0, 1].map((partition) => ({ partition })),
  aborted: [],
};

/** The facts that the observer and the scans would have recorded of this history. */
export function factsOf(history: History): RunFacts {
  const audit = createRawAudit({ plan, span, digestKey: [0, 0], topic: topics.raw });
  audit.cut(history.cutAt);
  for (const [partition, records] of history.log.entries()) {
    for (const [offset, record] of records.entries()) audit.push(partition, at(record, offset));
  }
  const aggregated = createAggregatedAudit(plan);
  const offsets = [0, 0];
  for (const { partition, aggregate, poison } of history.published) {
    const value = poison ?? encodeAggregate(aggregate);
    const record = { key: Buffer.from(aggregate.device.id), value };
    aggregated.push(partition, at(record, offsets[partition]!++), 7);
  }
  const rejected = createRejectedAudit(topics.raw);
  for (const [index, refused] of history.refused.entries()) {
    const headers = {
      reason: refused.reason,
      "source.topic": topics.raw,
      "source.partition": `${refused.partition}`,
      "source.offset": `${refused.offset}`,
    };
    const list = Object.entries(headers).map(([key, text]) => ({ key, value: Buffer.from(text) }));
    rejected.push(refused.partition, at(refused.record, index), list);
  }
  return {
    record: { ...calmRecord, ...history.record },
    plan,
    audit: audit.finish(history.rawReachedEnd),
    topics: {
      aggregated: aggregated.rows,
      rejectedTopic: rejected.rows,
      reachedEnd: history.topicsReachedEnd,
      transactions: transactionFacts(history),
    },
    acks: history.acks,
    stores: [
      storeRows("elasticsearch", history.elasticsearch),
      storeRows("cassandra", history.cassandra),
    ],
    deadLetters: history.letters === undefined ? [] : [deadLetterRows(history.letters)],
  };
}

const calmTransaction = {
  ...{ topic: 0, partition: 0, producerId: 7, epoch: 0, firstOffset: 0, lastOffset: 9, records: 9 },
  ...{ firstStamp: 100, lastStamp: 105, outcome: 0, markerOffset: 10, markerStamp: 110 },
  ...{ markerEpoch: 0, transactions: 1 },
};

function transactionFacts(history: History): TransactionFacts {
  const table = createTable(transactionSpec);
  for (const transaction of history.transactions) {
    addValues(table, { ...calmTransaction, ...transaction });
  }
  const aborted = createAggregatedAudit(plan);
  for (const [nth, { partition, aggregate }] of history.aborted.entries()) {
    const record = { key: Buffer.from(aggregate.device.id), value: encodeAggregate(aggregate) };
    aborted.push(partition, at(record, 1_000 + nth), 7);
  }
  return { table, dropped: 0, aborted: aborted.rows, abortedDropped: 0 };
}

function deadLetterRows(letters: readonly Letter[]): DeadLetterRows {
  const store = "elasticsearch";
  const audit = createDeadLetterAudit({ store, topic: "dead", aggregatedTopic: topics.aggregated });
  for (const [nth, { topic = topics.aggregated, partition, offset, value }] of letters.entries()) {
    const headers = {
      topic,
      partition: `${partition}`,
      offset: `${offset}`,
      stage: "TASK_PUT",
      "exception.message": `refused at offset ${offset}`,
    };
    const list = Object.entries(headers).map(([key, text]) => ({
      key: `__connect.errors.${key}`,
      value: Buffer.from(text),
    }));
    audit.push(0, at({ key: null, value }, nth), list);
  }
  return audit.rows;
}

const calmRecord: RunRecord = {
  schema: 1,
  run: "r00000000",
  scenario: "tiny",
  plan: options,
  span,
  digestKey: [0, 0],
  topics,
  stack: null,
  stackId: null,
  stores: ["elasticsearch", "cassandra"],
  mappings: {},
  recordsMin: 100,
  drain: "empty",
  brokenOff: false,
  died: [],
  generatorFaults: [],
  faults: [],
  replays: ["elasticsearch", "cassandra"].map((store) => ({
    mode: "rewind",
    store,
    records: 500,
    writesSeen: 500,
    writesLeast: 500,
    digestBefore: "d",
    digestAfter: "d",
  })),
};

function storeRows(store: string, stored: readonly StoredRow[]): StoreRows {
  const rows = createStoreRows(store, ["min", "max", "mean", "revision", "version"]);
  for (const { aggregate, group } of stored) {
    const id = Buffer.from(aggregate.device.id);
    const device = plan.deviceOf(id, 0, id.length);
    const digest = parseDigest(aggregate.digest);
    const known = rows.groups.indexOf(group);
    const row = addValues(rows.table, {
      device,
      window: aggregate.window.start,
      count: aggregate.count,
      sum: aggregate.temperature.sum,
      digestHi: digest?.hi ?? 0,
      digestLo: digest?.lo ?? 0,
      digestOk: digest === undefined ? 0 : 1,
      min: aggregate.temperature.min,
      max: aggregate.temperature.max,
      mean: aggregate.temperature.mean,
      revision: aggregate.revision,
      version: aggregate.version,
      group: known < 0 ? rows.groups.push(group) - 1 : known,
    });
    rows.keys.push(`${aggregate.device.id}-${aggregate.window.start}`);
    if (device < 0) rows.deviceTexts.set(row, aggregate.device.id);
  }
  return rows;
}

export function at({ key, value }: RawRecord, offset: number) {
  const bytes = Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)]);
  const middle = key?.length ?? 0;
  return {
    bytes,
    offset,
    keyStart: 0,
    keyEnd: key === null ? -1 : middle,
    valueStart: middle,
    valueEnd: value === null ? -1 : bytes.length,
  };
}
