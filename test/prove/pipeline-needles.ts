/**
 * The bad records behind the ledger, one of each kind: in the aggregated and the rejected topic and
 * in two stores, at seeded windows that no other needle touches. The ledger's rows are what they
 * are judged by.
 */
import { type AggregatedRows, createAggregatedRows } from "../../harness/facts/aggregated-rows.ts";
import type { AuditTables } from "../../harness/facts/audit-facts.ts";
import type { AuditBuckets } from "../../harness/facts/audit-files.ts";
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
  placeOf,
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

type Drawn = AuditTables & { readonly bucket: number };
type Plain = { readonly place: number; readonly target: Target; readonly record: TopicRecord };
type Revised = {
  readonly place: number;
  readonly id: { readonly device: string; readonly window: number };
  readonly earlier: TopicRecord;
};
type Rejection = {
  readonly bucket: number;
  readonly place: number;
  readonly partition: number;
  readonly offset: number;
};

/** `taken`: devices that other needles touch. */
export function createPipelineNeedles(
  plan: Plan,
  audit: AuditBuckets,
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
  const drawBucket = (): Drawn => {
    const bucket = draw(audit.buckets);
    if (latest?.bucket !== bucket) latest = { bucket, ...audit.read(bucket) };
    return latest;
  };
  /** One is kept: nearly every draw of a small pass is of the same. */
  let latest: Drawn | undefined;

  function plant<R>(
    name: string,
    place: number,
    into: Map<number, (record: R) => readonly R[]>,
    change: (record: R) => readonly R[],
    expected: Expected,
  ): void {
    if (!tampering.withheld.includes(name)) into.set(place, change);
    if (!tampering.unlisted.includes(name)) needles.push({ name, expected });
  }

  function plantAll<R>(
    plants: Readonly<Record<string, Plant<R>>>,
    into: Map<number, (record: R) => readonly R[]>,
  ): void {
    for (const [name, { change, expected }] of Object.entries(plants)) {
      const { place, target } = plainWindow();
      plant(name, place, into, (record) => change(record, target), expected(target));
    }
  }

  /** Planned, due, published once, with two plain members. */
  function plainWindow(): Plain {
    return insist("plain window", () => {
      const { bucket, windows, revisions } = drawBucket();
      const { device, firstDue, count } = windows.columns;
      const row = draw(Math.max(1, windows.length));
      const plain = device[row]! < plan.fleetDevices && !used.has(device[row]!);
      if (!plain || firstDue[row] === 0 || firstDue[row] !== count[row]) return undefined;
      const target = targetAt(plan, { windows }, row);
      if (target === undefined) return undefined;
      used.add(device[row]!);
      const record = recordOf(plan, { windows, revisions }, row);
      return { place: placeOf(bucket, row), target, record };
    });
  }

  /** Changed after it was first due: `earlier` is what it was before. */
  function revisedWindow(): Revised {
    return insist("window with a revision", () => {
      const { bucket, windows, revisions } = drawBucket();
      const { device, window } = windows.columns;
      if (revisions.length === 0) return undefined;
      const at = draw(revisions.length);
      const row = revisions.columns.row[at]!;
      if (device[row]! >= plan.fleetDevices || used.has(device[row]!)) return undefined;
      used.add(device[row]!);
      const id = { device: plan.deviceId(device[row]!), window: window[row]! };
      const earlier = recordOf(plan, { windows, revisions }, row, at);
      return { place: placeOf(bucket, row), id, earlier };
    });
  }

  function plantStale(): void {
    const inTopicOnly = revisedWindow();
    const inTopicStale: Expected = { class: "stale-final", ...inTopicOnly.id, ...inTopic };
    const none = (): readonly TopicRecord[] => [];
    plant("stale final in the topic", inTopicOnly.place, changes.topic, none, inTopicStale);
    const { place, id, earlier } = revisedWindow();
    const { count, sum, revision, min, max, digestHi, digestLo } = earlier;
    const older = (row: StoreRecord): readonly StoreRecord[] => {
      const state = { count, sum, revision, mean: sum / count / 100 };
      const version = row.version - row.count + count;
      return [{ ...row, ...state, min, max, digestHi, digestLo, version }];
    };
    const expected: Expected = { class: "stale-final", ...id, ...inCassandra };
    plant("stale final in a store", place, changes.stores.cassandra, older, expected);
  }

  function plantAborted(): void {
    const { place, target, record: right } = plainWindow();
    const { id } = target;
    const window = id.window - decadeMs;
    addValues(aborted.table, { ...right, window, offset: 0 });
    const also = (record: StoreRecord) => [record, { ...record, window }];
    const expected: Expected = {
      class: "aborted-read",
      device: id.device,
      window,
      ...inCassandra,
    };
    plant("row of an aborted transaction", place, changes.stores.cassandra, also, expected);
  }

  function plantRejections(): void {
    const late = reasonCodes.indexOf("late");
    const free = new Set<number>();
    const next = (): Rejection =>
      insist("late reading", () => {
        const { bucket, rejected } = drawBucket();
        const row = draw(Math.max(1, rejected.length));
        const place = placeOf(bucket, row);
        const { partition, offset, reason } = rejected.columns;
        if (reason[row] !== late || free.has(place)) return undefined;
        free.add(place);
        return { bucket, place, partition: partition[row]!, offset: offset[row]! };
      });
    const of = ({ partition, offset }: Rejection): string => `${partition}/${offset}`;
    const topic = rejectedTopic;
    const [dropped, twice, other, legal] = [next(), next(), next(), next()];
    plant("rejection dropped", dropped.place, changes.rejected, () => [], {
      class: "silent-drop",
      topic: rawTopic,
      partition: dropped.partition,
      offset: dropped.offset,
    });
    plant("rejected twice", twice.place, changes.rejected, (record) => [record, record], {
      class: "duplicate",
      topic,
      key: of(twice),
    });
    const future = reasonCodes.indexOf("future");
    const asFuture = (record: RejectedRecord) => [{ ...record, reason: future }];
    plant("rejected for another reason", other.place, changes.rejected, asFuture, {
      class: "corrupt",
      topic,
      key: of(other),
      found: "future",
    });
    const { partition: p, bucket } = legal;
    const { rejected } = audit.read(bucket);
    const { partition: ps, offset: offsets } = rejected.columns;
    const rejectedAt = new Set(
      Array.from({ length: rejected.length }, (_, row) => `${ps[row]}/${offsets[row]}`),
    );
    const accepted = insist("accepted reading", () => {
      // Of the same bucket, where it is looked for.
      const end = audit.end.partitions[p]!.endOffset;
      const near = draw(end);
      const at = near - (near % audit.buckets) + bucket;
      return at >= end || rejectedAt.has(`${p}/${at}`) ? undefined : at;
    });
    const also = (record: RejectedRecord) => [record, { ...record, offset: accepted }];
    plant("rejected without reason", legal.place, changes.rejected, also, {
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
