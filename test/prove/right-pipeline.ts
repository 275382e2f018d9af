/**
 * What a pipeline without fault would leave of an audited log: topics and stores made from the
 * ledger's own rows. The judgement then has all that it looks at in a run, and whatever it finds
 * was planted. `changes` replace single records on their way, as a fault would.
 */
import type { AckRange } from "../../harness/facts/ack-ranges.ts";
import { type aggregatedSpec, createAggregatedRows } from "../../harness/facts/aggregated-rows.ts";
import type { AuditFacts } from "../../harness/facts/audit-facts.ts";
import { type rejectedSpec, rejectedTopicSpec } from "../../harness/facts/rejected-rows.ts";
import type { RunFacts } from "../../harness/facts/run-facts.ts";
import { createStoreRows, type StoreRows, type storeSpec } from "../../harness/facts/store-rows.ts";
import { addValues, createTable, rowOf, type TableSpec } from "../../harness/facts/table.ts";
import type { TransactionFacts } from "../../harness/facts/transaction-rows.ts";
import type { Plan } from "../../simulator/plan.ts";
import { digestKey, rawTopic } from "./audit-pass.ts";

export const aggregatedTopic = "aggregated";
export const rejectedTopic = "rejected";
const stores = ["elasticsearch", "cassandra"] as const;
type Store = (typeof stores)[number];

type Values<S extends TableSpec> = { readonly [K in keyof S]: number };
/** Of the last revision of a window. The builder sets the offset. */
export type TopicRecord = Omit<Values<typeof aggregatedSpec>, "offset">;
export type StoreRecord = Values<typeof storeSpec>;
export type RejectedRecord = Values<typeof rejectedSpec>;
type Change<R> = (record: R) => readonly R[];

/** By row of the ledger's windows, and of its rejections. */
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
  readonly audit: AuditFacts;
  readonly acks: readonly AckRange[];
  readonly changes?: Changes;
  readonly transactions?: TransactionFacts;
};

export function factsOfRightRun({
  plan,
  span,
  audit,
  acks,
  changes = noChanges,
  transactions,
}: RightRun): RunFacts {
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
    audit,
    acks,
    topics: {
      aggregated: publish(plan, audit, changes.topic),
      rejectedTopic: reject(audit, changes.rejected),
      reachedEnd: true,
      ...(transactions === undefined ? {} : { transactions }),
    },
    stores: stores.map((store) => persist(plan, audit, store, changes.stores[store])),
    deadLetters: [],
  };
}

/** Every revision from the first due one on; the last of each window after all earlier ones. */
function publish(plan: Plan, audit: AuditFacts, changes: Changes["topic"]) {
  const { windows, revisions } = audit;
  const rows = createAggregatedRows();
  const offsets = new Array<number>(plan.options.partitions).fill(0);
  const add = (record: TopicRecord, row: number): void => {
    const { partition } = record;
    const at = addValues(rows.table, { ...record, offset: offsets[partition]!++ });
    if (record.device < 0) rows.deviceTexts.set(at, foreignOf(plan, audit, row));
  };
  for (let i = 0; i < revisions.length; i++) {
    const { row } = revisions.columns;
    add(recordOf(plan, audit, row[i]!, i), row[i]!);
  }
  for (let row = 0; row < windows.length; row++) {
    if (windows.columns.firstDue[row] === 0) continue;
    const last = recordOf(plan, audit, row);
    const records = changes.get(row)?.(last) ?? [last];
    for (const record of records) add(record, row);
  }
  return rows;
}

/** The window in its last revision, or in the ledger's earlier `revision`. */
export function recordOf(plan: Plan, audit: AuditFacts, row: number, revision = -1): TopicRecord {
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
    producerId: 7,
  };
}

function reject({ rejected }: AuditFacts, changes: Changes["rejected"]) {
  const table = createTable(rejectedTopicSpec);
  for (let row = 0; row < rejected.length; row++) {
    const right = rowOf(rejected, row);
    const records = changes.get(row)?.(right) ?? [right];
    for (const record of records) {
      addValues(table, { ...record, atPartition: record.partition, atOffset: table.length });
    }
  }
  return table;
}

function persist(
  plan: Plan,
  audit: AuditFacts,
  store: Store,
  changes: ReadonlyMap<number, Change<StoreRecord>>,
): StoreRows {
  const { windows } = audit;
  const rows = createStoreRows(store, ["min", "max", "mean", "revision", "version"]);
  for (let row = 0; row < windows.length; row++) {
    if (windows.columns.firstDue[row] === 0) continue;
    const last = rowFrom(plan, rows, recordOf(plan, audit, row));
    const records = changes.get(row)?.(last) ?? [last];
    for (const record of records) {
      const at = addValues(rows.table, record);
      if (record.device < 0) rows.deviceTexts.set(at, foreignOf(plan, audit, row));
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

function foreignOf(plan: Plan, audit: AuditFacts, row: number): string {
  const device = audit.windows.columns.device[row]!;
  return audit.foreignDevices[device - plan.allDevices] ?? "";
}
