/**
 * What a pipeline without fault would leave of an audited log: topics and stores made from the
 * ledger's own rows, when the judgement asks for them. It then has all that it looks at in a run,
 * and whatever it finds was planted. `changes` replace single records on their way, as a fault would.
 */
import type { AckRange } from "../../harness/facts/ack-ranges.ts";
import { type aggregatedSpec, createAggregatedRows } from "../../harness/facts/aggregated-rows.ts";
import type { AuditTables } from "../../harness/facts/audit-facts.ts";
import type { AuditBuckets } from "../../harness/facts/audit-files.ts";
import { firstOffsetKey } from "../../harness/facts/first-offsets.ts";
import { type rejectedSpec, rejectedTopicSpec } from "../../harness/facts/rejected-rows.ts";
import type { BucketedFacts, RunFacts, WholeFacts } from "../../harness/facts/run-facts.ts";
import { createStoreRows, type StoreRows, type storeSpec } from "../../harness/facts/store-rows.ts";
import { addValues, createTable, rowOf, type TableSpec } from "../../harness/facts/table.ts";
import type { TransactionFacts } from "../../harness/facts/transaction-rows.ts";
import type { Clock } from "../../pipeline/clock.ts";
import type { Plan } from "../../simulator/plan.ts";
import { digestKey, rawTopic } from "./audit-pass.ts";

export const aggregatedTopic = "aggregated";
export const rejectedTopic = "rejected";
const producerId = 7;
const stores = ["elasticsearch", "cassandra"] as const;
type Store = (typeof stores)[number];

type Values<S extends TableSpec> = { readonly [K in keyof S]: number };
/** Of the last revision of a window. The builder sets the offset. */
export type TopicRecord = Omit<Values<typeof aggregatedSpec>, "offset">;
export type StoreRecord = Values<typeof storeSpec>;
export type RejectedRecord = Values<typeof rejectedSpec>;
type Change<R> = (record: R) => readonly R[];

/** A row of the ledger in its bucket, as one number. */
export function placeOf(bucket: number, row: number): number {
  return bucket * 2 ** 32 + row;
}

/** By place (`placeOf`) of the ledger's windows, and of its rejections. */
export type Changes = {
  readonly topic: ReadonlyMap<number, Change<TopicRecord>>;
  readonly rejected: ReadonlyMap<number, Change<RejectedRecord>>;
  readonly stores: Readonly<Record<Store, ReadonlyMap<number, Change<StoreRecord>>>>;
};

const noChanges: Changes = {
  topic: new Map(),
  rejected: new Map(),
  stores: { elasticsearch: new Map(), cassandra: new Map() },
};

export type RightRun = {
  readonly plan: Plan;
  readonly span: number;
  readonly audit: AuditBuckets;
  readonly acks: readonly AckRange[];
  readonly clock: Clock;
  readonly changes?: Changes;
  readonly transactions?: TransactionFacts;
};

/** `makingMs`: how much of the time of all reading was spent on making topics and stores. */
export type RightFacts = BucketedFacts & { readonly makingMs: () => number };

export function factsOfRightRun(run: RightRun): RightFacts {
  const { plan, audit, clock, changes = noChanges } = run;
  const whole = wholeOf(run);
  let makingMs = 0;

  function read(nth: number): RunFacts {
    const tables = audit.read(nth);
    const from = clock.monotonicMs();
    const ledger = { plan, ...tables, foreign: audit.end.foreignDevices, bucket: nth };
    const aggregated = publish(ledger, changes.topic);
    const rejected = reject(ledger, changes.rejected);
    const stored = stores.map((store) => persist(ledger, store, changes.stores[store]));
    makingMs += clock.monotonicMs() - from;
    return {
      ...whole,
      audit: { ...audit.end, ...tables },
      topics: { ...whole.topics, aggregated, rejectedTopic: rejected },
      stores: stored,
      bucket: { nth, many: audit.buckets },
    };
  }

  return { whole, buckets: audit.buckets, read, makingMs: () => makingMs };
}

/** One bucket of the ledger. */
type Ledger = AuditTables & {
  readonly plan: Plan;
  readonly foreign: readonly string[];
  readonly bucket: number;
};

function wholeOf({ plan, span, audit, acks, transactions }: RightRun): WholeFacts {
  const { partitions } = plan.options;
  const firstOffsets = new Map(
    Array.from({ length: partitions }, (_, p) => [firstOffsetKey(p, producerId), 0] as const),
  );
  return {
    record: {
      schema: 1,
      run: "r0000prove",
      scenario: "prove",
      plan: plan.options,
      span,
      digestKey,
      topics: { raw: rawTopic, aggregated: aggregatedTopic, rejected: rejectedTopic },
      stack: null,
      stackId: null,
      stores,
      mappings: {},
      recordsMin: 1,
      drain: "empty",
      brokenOff: false,
      died: [],
      generatorFaults: [],
      // Sends may fail: some needles say of one that it did.
      faults: [
        {
          kind: "kill",
          target: "kafka",
          atMs: 0,
          untilMs: 0,
          recoveredMs: 1,
          effect: "planted",
          mayFailSends: true,
        },
      ],
      replays: stores.map((store) => ({
        mode: "rewind",
        store,
        records: 1,
        writesSeen: 1,
        writesLeast: 1,
        digestBefore: "",
        digestAfter: "",
      })),
    },
    plan,
    audit: audit.end,
    acks,
    topics: {
      reachedEnd: true,
      firstOffsets,
      ...(transactions === undefined ? {} : { transactions }),
    },
    deadLetters: [],
  };
}

/** Every revision from the first due one on; the last of each window after all earlier ones. */
function publish(ledger: Ledger, changes: Changes["topic"]) {
  const { plan, windows, revisions, bucket } = ledger;
  const rows = createAggregatedRows();
  const offsets = new Array<number>(plan.options.partitions).fill(placeOf(bucket, 0));
  const add = (record: TopicRecord, row: number): void => {
    const { partition } = record;
    const at = addValues(rows.table, { ...record, offset: offsets[partition]!++ });
    if (record.device < 0) rows.deviceTexts.set(at, foreignOf(ledger, row));
  };
  for (let i = 0; i < revisions.length; i++) {
    const { row } = revisions.columns;
    add(recordOf(plan, ledger, row[i]!, i), row[i]!);
  }
  for (let row = 0; row < windows.length; row++) {
    if (windows.columns.firstDue[row] === 0) continue;
    const last = recordOf(plan, ledger, row);
    const records = changes.get(placeOf(bucket, row))?.(last) ?? [last];
    for (const record of records) add(record, row);
  }
  return rows;
}

/** The window in its last revision, or in the ledger's earlier `revision`. */
export function recordOf(
  plan: Plan,
  audit: Pick<AuditTables, "windows" | "revisions">,
  row: number,
  revision = -1,
): TopicRecord {
  const { columns } = audit.windows;
  const state = revision < 0 ? columns : audit.revisions.columns;
  const at = revision < 0 ? row : revision;
  return {
    device: plannedOr(plan, columns.device[row]!),
    partition: columns.partition[row]!,
    window: columns.window[row]!,
    count: state.count[at]!,
    revision: state.count[at]!,
    min: state.min[at]! / 100,
    max: state.max[at]! / 100,
    sum: state.sum[at]!,
    digestHi: state.digestHi[at]!,
    digestLo: state.digestLo[at]!,
    faults: 0,
    producerId,
  };
}

function reject({ rejected, bucket }: Ledger, changes: Changes["rejected"]) {
  const table = createTable(rejectedTopicSpec);
  for (let row = 0; row < rejected.length; row++) {
    const right = rowOf(rejected, row);
    const records = changes.get(placeOf(bucket, row))?.(right) ?? [right];
    for (const record of records) {
      const atOffset = placeOf(bucket, table.length);
      addValues(table, { ...record, atPartition: record.partition, atOffset });
    }
  }
  return table;
}

function persist(
  ledger: Ledger,
  store: Store,
  changes: ReadonlyMap<number, Change<StoreRecord>>,
): StoreRows {
  const { plan, windows, bucket } = ledger;
  const rows = createStoreRows(store, ["min", "max", "mean", "revision", "version"]);
  for (let row = 0; row < windows.length; row++) {
    if (windows.columns.firstDue[row] === 0) continue;
    const last = rowFrom(plan, rows, recordOf(plan, ledger, row));
    const records = changes.get(placeOf(bucket, row))?.(last) ?? [last];
    for (const record of records) {
      const at = addValues(rows.table, record);
      if (record.device < 0) rows.deviceTexts.set(at, foreignOf(ledger, row));
    }
  }
  // Where a row in a second place would lie.
  rows.groups.push(`${store}-stray`);
  return rows;
}

const dayMs = 86_400_000;

function rowFrom(plan: Plan, { store, groups }: StoreRows, record: TopicRecord): StoreRecord {
  const { device, window, count, sum, digestHi, digestLo, min, max, revision } = record;
  const day = Math.floor(window / dayMs) - Math.floor(plan.options.startAt / dayMs);
  for (let next = groups.length; next <= day; next++) {
    const date = new Date(plan.options.startAt + next * dayMs).toISOString().slice(0, 10);
    groups.push(`${store}-${date.replaceAll("-", ".")}`);
  }
  return {
    device,
    window,
    count,
    sum,
    digestHi,
    digestLo,
    digestOk: 1,
    min,
    max,
    mean: sum / count / 100,
    revision,
    version: (window + plan.options.window.sizeMs) * 1000 + revision,
    group: Math.max(0, day),
  };
}

/** As the readers of a run have it: -1 for a device that is none of the plan. */
function plannedOr(plan: Plan, device: number): number {
  return device < plan.allDevices ? device : -1;
}

function foreignOf({ plan, windows, foreign }: Ledger, row: number): string {
  return foreign[windows.columns.device[row]! - plan.allDevices] ?? "";
}
