/**
 * What is bent behind the ledger, one record of each kind, and what must be said of it: in the
 * aggregated topic and in two stores. Where it is bent, `pipeline-needles.ts` chooses.
 */
import { contributionHi, contributionLo, deviceHash } from "../../harness/expected/contributor.ts";
import type { AuditTables } from "../../harness/facts/audit-facts.ts";
import { fateIndex } from "../../simulator/fates.ts";
import { emptyPlannedReading, type Plan } from "../../simulator/plan.ts";
import { digestKey } from "./audit-pass.ts";
import type { Expected } from "./needle.ts";
import { aggregatedTopic, type StoreRecord, type TopicRecord } from "./right-pipeline.ts";

/**
 * A window of which one record is bent: `first` and `second` are members of it, on time and sent
 * once.
 */
export type Target = {
  readonly id: { readonly device: string; readonly window: number };
  readonly first: Member;
  readonly second: Member;
};

type Member = {
  readonly seq: number;
  readonly temperature: number;
  readonly hi: number;
  readonly lo: number;
};

type State = {
  readonly count: number;
  readonly sum: number;
  readonly digestHi: number;
  readonly digestLo: number;
  readonly revision: number;
};

export type Plant<R> = {
  readonly change: (record: R, target: Target) => readonly R[];
  readonly expected: (target: Target) => Expected;
};

export const decadeMs = 3_650 * 86_400_000;
export const inTopic = { topic: aggregatedTopic };
const inElasticsearch = { store: "elasticsearch" };
export const inCassandra = { store: "cassandra" };

export const topicPlants: Readonly<Record<string, Plant<TopicRecord>>> = {
  "window never published": {
    change: () => [],
    expected: ({ id }) => ({ class: "lost-write", ...id, ...inTopic }),
  },
  "window published twice": {
    change: (record) => [record, record],
    expected: ({ id }) => ({ class: "duplicate", ...id, ...inTopic }),
  },
  "window of nobody": {
    change: (record) => [record, { ...record, window: record.window - decadeMs }],
    expected: ({ id }) => ({
      class: "phantom",
      device: id.device,
      window: id.window - decadeMs,
      ...inTopic,
    }),
  },
  "wrong aggregate: a member less": {
    change: (record, { first }) => [{ ...record, ...lacking(record, first) }],
    expected: ({ id, first }) => ({
      class: "wrong-aggregate",
      ...id,
      boot: 0,
      seq: first.seq,
      ...inTopic,
    }),
  },
  "masked: one less, one twice": {
    change: (record, { first, second }) => [{ ...record, ...swapped(record, first, second) }],
    expected: ({ id, first }) => ({ class: "masked", ...id, boot: 0, seq: first.seq, ...inTopic }),
  },
  "corrupt sum": {
    change: (record) => [{ ...record, sum: record.sum + 1 }],
    expected: ({ id }) => ({ class: "corrupt", ...id, ...inTopic }),
  },
};

export const elasticsearchPlants: Readonly<Record<string, Plant<StoreRecord>>> = {
  "row not stored": {
    change: () => [],
    expected: ({ id }) => ({ class: "lost-write", ...id, ...inElasticsearch }),
  },
  "row stored twice": {
    change: (row) => [row, row],
    expected: ({ id }) => ({ class: "duplicate", ...id, ...inElasticsearch }),
  },
  "row in two indices": {
    change: (row) => [row, { ...row, group: row.group + 1 }],
    expected: ({ id }) => ({ class: "split-key", ...id, ...inElasticsearch }),
  },
};

export const cassandraPlants: Readonly<Record<string, Plant<StoreRecord>>> = {
  "row of nobody": {
    change: (row) => [row, { ...row, window: row.window - decadeMs }],
    expected: ({ id }) => ({
      class: "phantom",
      device: id.device,
      window: id.window - decadeMs,
      ...inCassandra,
    }),
  },
  "corrupt mean": {
    change: (row) => [{ ...row, mean: row.mean + 0.5 }],
    expected: ({ id }) => ({ class: "corrupt", ...id, ...inCassandra }),
  },
};

/** Undefined: the window of this row of the ledger has no two plain members. */
export function targetAt(
  plan: Plan,
  audit: Pick<AuditTables, "windows">,
  row: number,
): Target | undefined {
  const { device: devices, window: starts } = audit.windows.columns;
  const [device, window] = [devices[row]!, starts[row]!];
  const name = plan.deviceId(device);
  const hash = deviceHash(Buffer.from(name), digestKey);
  const { first, end } = plan.indexesIn(device, window, window + plan.options.window.sizeMs);
  const reading = emptyPlannedReading();
  const members: Member[] = [];
  for (let seq = first; seq < end && members.length < 2; seq++) {
    plan.fill(device, seq, reading);
    if (reading.fate !== fateIndex["on-time"] || reading.duplicateAt >= 0) continue;
    const { temperature } = reading;
    const hi = contributionHi(hash.hi, 0, seq);
    members.push({ seq, temperature, hi, lo: contributionLo(hash.lo, 0, seq) });
  }
  const [one, two] = members;
  if (one === undefined || two === undefined) return undefined;
  return { id: { device: name, window }, first: one, second: two };
}

function lacking(state: State, gone: Member): State {
  return {
    count: state.count - 1,
    revision: state.revision - 1,
    sum: state.sum - gone.temperature,
    digestHi: (state.digestHi - gone.hi) >>> 0,
    digestLo: (state.digestLo - gone.lo) >>> 0,
  };
}

function swapped(state: State, gone: Member, twice: Member): State {
  return {
    count: state.count,
    revision: state.revision,
    sum: state.sum - gone.temperature + twice.temperature,
    digestHi: (state.digestHi - gone.hi + twice.hi) >>> 0,
    digestLo: (state.digestLo - gone.lo + twice.lo) >>> 0,
  };
}
