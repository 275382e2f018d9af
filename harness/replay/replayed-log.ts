/** What of `temperatures.aggregated` a replay reads again: which offsets, how many records, in how few writes. Pure. */
import type { aggregatedSpec } from "../facts/aggregated-rows.ts";
import type { Table } from "../facts/table.ts";
import type { StoreName } from "../scenario/scenario.ts";

/** By partition. */
export type ReplayedLog = {
  /** First offset that the log still holds. */
  readonly start: readonly bigint[];
  /** The end that readers find: what lies below is read again. */
  readonly upTo: readonly bigint[];
  /** Where the replay begins; undefined: this partition is left alone. Absent: at 0, all partitions. */
  readonly from?: readonly (bigint | undefined)[];
};

/** Counts in what is on file of the topic. */
export type LogCount = {
  readonly records: (log: ReplayedLog) => number;
  /**
   * In how few writes a store can be given them, as it counts; undefined for a replay of everything, where its own
   * rows tell more exactly. A document each in Elasticsearch. In Cassandra a partition each: at least the devices.
   */
  readonly leastWrites: (log: ReplayedLog, store: StoreName) => number | undefined;
};

export function countIn(table: Table<typeof aggregatedSpec>): LogCount {
  const { partition, offset, device, window } = table.columns;

  function visit(log: ReplayedLog, see: (row: number) => void): void {
    const [starts, ends] = [firstsOf(log).map(Number), log.upTo.map(Number)];
    for (let row = 0; row < table.length; row++) {
      const [of, at] = [partition[row]!, offset[row]!];
      if (at >= (starts[of] ?? 0) && at < (ends[of] ?? 0)) see(row);
    }
  }

  return {
    records(log) {
      let records = 0;
      visit(log, () => records++);
      return records;
    },
    leastWrites(log, store) {
      if (log.from === undefined) return undefined;
      const keys = new Set<string | number>();
      visit(log, (row) => {
        const of = device[row]!;
        if (of >= 0) keys.add(store === "elasticsearch" ? `${of}/${window[row]}` : of);
      });
      return keys.size;
    },
  };
}

/** The same of a topic that is read a bucket at a time: a device's records are all in one. */
export function countInBuckets(
  buckets: number,
  read: (bucket: number) => Table<typeof aggregatedSpec>,
): LogCount {
  function sumOf(count: (of: LogCount) => number | undefined): number | undefined {
    let sum = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const counted = count(countIn(read(bucket)));
      if (counted === undefined) return undefined;
      sum += counted;
    }
    return sum;
  }

  return {
    records: (log) => sumOf(({ records }) => records(log)) ?? 0,
    leastWrites: (log, store) => sumOf(({ leastWrites }) => leastWrites(log, store)),
  };
}

/** Offsets that are gone from where the partitions were to be read; markers of transactions are among them. */
export function cutOffsets({ start, from }: ReplayedLog): number {
  return start.reduce((sum, first, partition) => {
    const wanted = from === undefined ? 0n : from[partition];
    return wanted === undefined || wanted >= first ? sum : sum + Number(first - wanted);
  }, 0);
}

function firstsOf({ start, upTo, from }: ReplayedLog): readonly bigint[] {
  if (from === undefined) return start;
  return start.map((first, partition) => {
    const wanted = from[partition] ?? upTo[partition]!;
    return wanted > first ? wanted : first;
  });
}
