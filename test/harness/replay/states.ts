/** States of a store, planted by hand: what the scans of a replay would have seen. */
import { collectScan, type KeptScan } from "../../../harness/observe/store-scan.ts";

export type Row = {
  readonly day: string;
  readonly key: string;
  readonly version: number;
  readonly sum: number;
};

const mapping = {
  device: "device",
  window: "window",
  count: "count",
  sum: "sum",
  digest: "digest",
  version: "version",
};

/** `target`: what the names of the store's indices begin with; it must not count. */
export function stateOf(rows: readonly Row[], target = "r1-temperatures-"): KeptScan {
  const collector = collectScan("elasticsearch", mapping, { deviceOf: () => 0 });
  for (const { day, key, version, sum } of rows) {
    const fields = { device: "t-0", window: 1, count: 1, digest: "0".repeat(16), version, sum };
    collector.add({ group: `${target}${day}`, place: day, key, fields });
  }
  return collector.finish();
}

export function rowsOf(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, row) => ({
    day: row % 2 === 0 ? "2026.01.15" : "2026.01.16",
    key: `k${row}`,
    version: 10,
    sum: row,
  }));
}

/** The rows with one of them put in another's place, or left out. */
export function withRow(rows: readonly Row[], at: number, row?: Partial<Row>): readonly Row[] {
  return rows.flatMap((one, index) => {
    if (index !== at) return [one];
    return row === undefined ? [] : [{ ...one, ...row }];
  });
}
