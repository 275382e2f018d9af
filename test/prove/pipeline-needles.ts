/**
 * The bad records behind the ledger, one of each kind: in the aggregated and the rejected topic and
 * in two stores, at seeded windows that no other needle touches. The ledger's rows are what they
 * are judged by.
 */
import { type AggregatedRows, createAggregatedRows } from "../../harness/facts/aggregated-rows.ts";
import type { AuditFacts } from "../../harness/facts/audit-facts.ts";
import { reasonCodes } from "../../harness/facts/rejected-rows.ts";
import { addValues } from "../../harness/facts/table.ts";
import type { Plan } from "../../simulator/plan.ts";
import { drawFrom } from "../../simulator/scramble.ts";
import { rawTopic } from "./audit-pass.ts";
import type { Expected, Needle, Tampering } from "./needle.ts";
import {
  cassandraPlants,
  decadeMs,
  elasticsearchPlants,
  inCassandra,
  inTopic,
  type Plant,
  type Target,
  targetAt,
  topicPlants,
} from "./pipeline-plants.ts";
import {
  type Changes,
  type RejectedRecord,
  recordOf,
  rejectedTopic,
  type StoreRecord,
  type TopicRecord,
} from "./right-pipeline.ts";

export const pipelineNeedleNames: readonly string[] = [
  ...Object.keys({ ...topicPlants, ...elasticsearchPlants, ...cassandraPlants }),
  "stale final in the topic",
  "stale final in a store",
  "row of an aborted transaction",
  "rejection dropped",
  "rejected twice",
  "rejected for another reason",
  "rejected without reason",
];

export type PipelineNeedles = {
  readonly changes: Changes;
  /** What was aborted, and stands in a store all the same. */
  readonly aborted: AggregatedRows;
  readonly needles: readonly Needle[];
};

/** `taken`: devices that other needles touch. */
export function createPipelineNeedles(
  plan: Plan,
  audit: AuditFacts,
  seed: number,
  taken: ReadonlySet<number>,
  tampering: Tampering,
): PipelineNeedles {
  const needles: Needle[] = [];
  const changes = {
    topic: new Map<number, (record: TopicRecord) => readonly TopicRecord[]>(),
    rejected: new Map<number, (record: RejectedRecord) => readonly RejectedRecord[]>(),
    stores: {
      elasticsearch: new Map<number, (row: StoreRecord) => readonly StoreRecord[]>(),
      cassandra: new Map<number, (row: StoreRecord) => readonly StoreRecord[]>(),
    },
  };
  const aborted = createAggregatedRows();
  const used = new Set(taken);
  let draws = 0;

  /** A number in [0, below). */
  const draw = (below: number): number => drawFrom(seed ^ 0x6e65, ++draws) % below;

  function plant<R>(
    name: string,
    row: number,
    into: Map<number, (record: R) => readonly R[]>,
    change: (record: R) => readonly R[],
    expected: Expected,
  ): void {
    if (!tampering.withheld.includes(name)) into.set(row, change);
    if (!tampering.unlisted.includes(name)) needles.push({ name, expected });
  }

  function plantAll<R>(
    plants: Readonly<Record<string, Plant<R>>>,
    into: Map<number, (record: R) => readonly R[]>,
  ): void {
    for (const [name, { change, expected }] of Object.entries(plants)) {
      const [row, target] = plainWindow();
      plant(name, row, into, (record) => change(record, target), expected(target));
    }
  }

  /** Planned, due, published once, with two plain members. */
  function plainWindow(): readonly [number, Target] {
    const { device, firstDue, count } = audit.windows.columns;
    return insist("plain window", () => {
      const row = draw(audit.windows.length);
      const plain = device[row]! < plan.fleetDevices && !used.has(device[row]!);
      if (!plain || firstDue[row] === 0 || firstDue[row] !== count[row]) return undefined;
      const target = targetAt(plan, audit, row);
      if (target === undefined) return undefined;
      used.add(device[row]!);
      return [row, target] as const;
    });
  }

  /** Changed after it was first due: `earlier` is a row of the ledger's revisions. */
  function revisedWindow(): readonly [row: number, earlier: number] {
    const { device } = audit.windows.columns;
    const { row: rows } = audit.revisions.columns;
    return insist("window with a revision", () => {
      const earlier = draw(audit.revisions.length);
      const row = rows[earlier]!;
      if (device[row]! >= plan.fleetDevices || used.has(device[row]!)) return undefined;
      used.add(device[row]!);
      return [row, earlier] as const;
    });
  }

  function plantStale(): void {
    const idOf = (row: number) => {
      const { device, window } = audit.windows.columns;
      return { device: plan.deviceId(device[row]!), window: window[row]! };
    };
    const [topicRow] = revisedWindow();
    const inTopicStale: Expected = { class: "stale-final", ...idOf(topicRow), ...inTopic };
    plant("stale final in the topic", topicRow, changes.topic, () => [], inTopicStale);
    const [storeRow, earlier] = revisedWindow();
    const before = audit.revisions.columns;
    const older = (row: StoreRecord): readonly StoreRecord[] => {
      const [count, sum] = [before.count[earlier]!, before.sum[earlier]!];
      const state = { count, sum, revision: count, mean: sum / count / 100 };
      const [min, max] = [before.min[earlier]! / 100, before.max[earlier]! / 100];
      const [digestHi, digestLo] = [before.digestHi[earlier]!, before.digestLo[earlier]!];
      const version = row.version - row.count + count;
      return [{ ...row, ...state, min, max, digestHi, digestLo, version }];
    };
    const expected: Expected = { class: "stale-final", ...idOf(storeRow), ...inCassandra };
    plant("stale final in a store", storeRow, changes.stores.cassandra, older, expected);
  }

  function plantAborted(): void {
    const [row, { id }] = plainWindow();
    const window = id.window - decadeMs;
    addValues(aborted.table, { ...recordOf(plan, audit, row), window, offset: 0 });
    const also = (record: StoreRecord) => [record, { ...record, window }];
    const expected: Expected = {
      class: "aborted-read",
      device: id.device,
      window,
      ...inCassandra,
    };
    plant("row of an aborted transaction", row, changes.stores.cassandra, also, expected);
  }

  function plantRejections(): void {
    const { partition, offset, reason } = audit.rejected.columns;
    const late = reasonCodes.indexOf("late");
    const free = new Set<number>();
    const next = (): number =>
      insist("late reading", () => {
        const row = draw(audit.rejected.length);
        return reason[row] === late && !free.has(row) && free.add(row) ? row : undefined;
      });
    const of = (row: number): string => `${partition[row]}/${offset[row]}`;
    const topic = rejectedTopic;
    const [dropped, twice, other, legal] = [next(), next(), next(), next()];
    plant("rejection dropped", dropped, changes.rejected, () => [], {
      class: "silent-drop",
      topic: rawTopic,
      partition: partition[dropped]!,
      offset: offset[dropped]!,
    });
    plant("rejected twice", twice, changes.rejected, (record) => [record, record], {
      class: "duplicate",
      topic,
      key: of(twice),
    });
    const future = reasonCodes.indexOf("future");
    const asFuture = (record: RejectedRecord) => [{ ...record, reason: future }];
    plant("rejected for another reason", other, changes.rejected, asFuture, {
      class: "corrupt",
      topic,
      key: of(other),
      found: "future",
    });
    const rejectedAt = new Set(Array.from({ length: audit.rejected.length }, (_, row) => of(row)));
    const [p, end] = [partition[legal]!, audit.partitions[partition[legal]!]!.endOffset];
    const accepted = insist("accepted reading", () => {
      const at = draw(end);
      return rejectedAt.has(`${p}/${at}`) ? undefined : at;
    });
    const also = (record: RejectedRecord) => [record, { ...record, offset: accepted }];
    plant("rejected without reason", legal, changes.rejected, also, {
      class: "illegal-late",
      topic,
      key: `${p}/${accepted}`,
    });
  }

  plantAll(topicPlants, changes.topic);
  plantAll(elasticsearchPlants, changes.stores.elasticsearch);
  plantAll(cassandraPlants, changes.stores.cassandra);
  plantStale();
  plantAborted();
  plantRejections();
  return { changes, aborted, needles };
}

/**
 * Asks until there is an answer; nearly every draw is one, so many without say that there is none.
 */
function insist<T>(what: string, ask: () => T | undefined): T {
  for (let tries = 0; tries < 1_000_000; tries++) {
    const answer = ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`the log has no ${what} for a needle; take more readings`);
}
