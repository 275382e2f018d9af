/** What is recorded of a second aggregator that read the raw topic again. */
import type { AggregatedBuckets } from "../facts/aggregated-rows.ts";
import type { ReplayRecord } from "../facts/run-record.ts";
import { compareFinals } from "./compare-finals.ts";
import type { NumberedStep } from "./numbered-steps.ts";
import { cutOffsets, type ReplayedLog } from "./replayed-log.ts";

/** What stands where a store's name does. */
const aggregates = "temperatures.aggregated";

/** `raw`: what of the raw topic was read; the evidence is the second aggregator's records, one a window at least. */
export function finalsRecord(options: {
  readonly step: NumberedStep;
  readonly topic: string;
  readonly raw: ReplayedLog;
  readonly own: AggregatedBuckets;
  readonly again: AggregatedBuckets;
  readonly nameOf: (device: number) => string;
}): ReplayRecord {
  const { step, topic, raw, own, again, nameOf } = options;
  const cut = cutOffsets(raw);
  const compared = compareFinals(own, again, nameOf);
  const { windows, digestBefore, digestAfter, changed } = compared;
  return {
    mode: step.mode,
    step: step.step,
    store: aggregates,
    topic,
    records: rawRecords(raw),
    rowsBefore: windows,
    ...(cut === 0 ? {} : { cut }),
    writesSeen: compared.records,
    writesLeast: windows,
    digestBefore,
    digestAfter,
    ...(changed.length === 0 ? {} : { changed }),
  };
}

/** Nobody writes to the raw topic in transactions: its offsets are its records. */
function rawRecords({ start, upTo }: ReplayedLog): number {
  return upTo.reduce((sum, end, partition) => sum + Number(end - start[partition]!), 0);
}
