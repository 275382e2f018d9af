/** Records of aggregates on file, each in the bucket of its device. */
import { type AggregatedBuckets, type AggregatedSink, aggregatedSpec } from "./aggregated-rows.ts";
import type { Buckets } from "./buckets.ts";
import { openTable } from "./table-file.ts";
import { createTableWriter } from "./table-writer.ts";

/** [row, text] of those rows, all of the first bucket, whose device is none of the plan. */
export type DeviceTexts = readonly (readonly [row: number, text: string])[];

export type AggregatedFile = AggregatedSink & {
  /** Once. Returns what is to be kept beside the file. */
  readonly end: () => DeviceTexts;
};

/** It takes the records as they come. Errors: `FactsError`. */
export function createAggregatedFile(file: string, buckets: Buckets): AggregatedFile {
  const rows = createTableWriter(file, aggregatedSpec, buckets.many);
  const deviceTexts: [number, string][] = [];
  return {
    add: (values, text) => {
      const bucket = buckets.of(values.device);
      if (text !== undefined) deviceTexts.push([rows.rows(bucket), text]);
      rows.add(values, bucket);
    },
    end: () => {
      rows.end();
      return deviceTexts;
    },
  };
}

/** Errors: `FactsError`. */
export function openAggregatedFile(file: string, deviceTexts: DeviceTexts): AggregatedBuckets {
  const { buckets, read } = openTable(file, aggregatedSpec);
  return {
    buckets,
    read: (bucket) => ({
      table: read(bucket),
      deviceTexts: new Map(bucket === 0 ? deviceTexts : []),
    }),
  };
}
