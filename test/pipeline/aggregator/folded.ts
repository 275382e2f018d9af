/** A fold under test: batches in, outcomes and decoded aggregates out. */

import type { AggregatorConfig, WindowConfig } from "../../../pipeline/aggregator/config.ts";
import { createEmitter } from "../../../pipeline/aggregator/emit.ts";
import {
  createWindowFold,
  fold,
  settle,
  type WindowFold,
} from "../../../pipeline/aggregator/fold.ts";
import { createOutbox, type Outbox } from "../../../pipeline/aggregator/outbox.ts";
import { type Aggregate, decodeAggregate } from "../../../pipeline/contract/aggregate.ts";
import { emptyBatch, readBatch } from "../../../pipeline/kafka/wire/batch-reader.ts";
import {
  emptyRecord,
  firstRecord,
  nextRecord,
} from "../../../pipeline/kafka/wire/record-cursor.ts";
import { stampBatch } from "../../../pipeline/kafka/wire/stamp-batch.ts";
import { plainStamp } from "../kafka/wire/plain-stamp.ts";
import { batchOf, type RawRecord, recordOf, type TestReading } from "./raw-records.ts";

/** Small numbers of milliseconds, so that every boundary can be hit exactly. */
export const smallWindows: WindowConfig = {
  size: 100,
  grace: 30,
  retention: 200,
  ahead: 1000,
  quorum: 3,
  span: 64,
};

export function configOf(window: WindowConfig): AggregatorConfig {
  return {
    group: "g",
    topics: { raw: "raw", aggregated: "aggregated", rejected: "rejected", checkpoints: "cp" },
    window,
    commitEvery: 200,
    checkpointEvery: 60_000,
    digestKey: [0, 0],
    idleEmitAfter: undefined,
    listen: undefined,
  };
}

export type FoldUnderTest = {
  readonly state: WindowFold;
  /** Folds one batch; returns what became of each record. */
  readonly records: (batch: readonly RawRecord[]) => string[];
  readonly readings: (batch: readonly TestReading[]) => string[];
  /** Aggregates emitted since the last call, in order. */
  readonly emitted: () => Aggregate[];
  /** The same as bytes. */
  readonly emittedBytes: () => Buffer[];
};

export function foldUnderTest(window = smallWindows, state = newFold(window)): FoldUnderTest {
  const outbox = createOutbox();
  const emit = createEmitter(outbox);
  const view = emptyRecord();
  const records = (batch: readonly RawRecord[]): string[] => {
    const outcomes: string[] = [];
    const read = batchOf(batch, 0);
    for (let more = firstRecord(read, view); more; more = nextRecord(view)) {
      outcomes.push(fold(state, view));
    }
    settle(state, emit);
    return outcomes;
  };
  return {
    state,
    records,
    readings: (batch) => records(batch.map((each) => recordOf(each))),
    emittedBytes: () => valuesOf(outbox),
    emitted: () => valuesOf(outbox).map((value) => decodeAggregate(value)!),
  };
}

export function newFold(window: WindowConfig): WindowFold {
  return createWindowFold(window, [0, 0], 0, 1);
}

/** Values of all records that wait in the outbox, which is emptied. */
function valuesOf(outbox: Outbox): Buffer[] {
  const values: Buffer[] = [];
  const batch = emptyBatch();
  const view = emptyRecord();
  for (const draft of outbox.take()) {
    const bytes = stampBatch(draft, plainStamp);
    readBatch(bytes, 0, batch);
    for (let more = firstRecord(batch, view); more; more = nextRecord(view)) {
      values.push(Buffer.from(view.bytes.subarray(view.valueStart, view.valueEnd)));
    }
  }
  return values;
}
