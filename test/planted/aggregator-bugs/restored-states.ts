/** Checkpoints as they are read back, with something of their state lost on the way. */

import { packState, unpackState } from "../../../pipeline/aggregator/checkpoint-packing.ts";
import { readState, writeState } from "../../../pipeline/aggregator/checkpoint-state.ts";
import type { WindowConfig } from "../../../pipeline/aggregator/config.ts";
import { createWindowFold, type WindowFold } from "../../../pipeline/aggregator/fold.ts";
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { emptyBatch, readBatch } from "../../../pipeline/kafka/wire/batch-reader.ts";
import type { RecordView } from "../../../pipeline/kafka/wire/record-cursor.ts";
import { type RecordFate, rewriteBatch } from "../rewrite-batch.ts";
import { onFetch } from "../wrap-kafka.ts";

/**
 * `spoil` returns the state to restore instead. Checkpoints of several records are left alone: no
 * small run has one.
 */
export function onRestore(kafka: Kafka, spoil: (state: WindowFold) => WindowFold): Kafka {
  const decide = ({ bytes, valueStart, valueEnd }: RecordView): RecordFate => {
    if (valueEnd < 0) return "keep";
    const value = bytes.subarray(valueStart, valueEnd);
    const headEnd = 4 + value.readUInt32LE(0);
    const head = JSON.parse(value.subarray(4, headEnd).toString()) as {
      readonly chunks: number;
      readonly fingerprint: string;
    };
    if (head.chunks !== 1) return "keep";
    const state = freshState(head.fingerprint);
    readState(unpackState(value.subarray(headEnd)), state);
    return Buffer.concat([value.subarray(0, headEnd), packState(writeState(spoil(state)))]);
  };
  return onFetch(kafka, ".checkpoints", (fetched) => {
    const batch = emptyBatch();
    const parts: Buffer[] = [];
    for (let at = 0; readBatch(fetched.batches, at, batch); at = batch.end) {
      const whole = fetched.batches.subarray(batch.start, batch.end);
      parts.push(batch.control ? whole : rewriteBatch(batch, decide));
    }
    return { ...fetched, batches: Buffer.concat(parts) };
  });
}

function freshState(fingerprint: string): WindowFold {
  const { digestKey, partitions, ...window } = JSON.parse(fingerprint) as WindowConfig & {
    readonly digestKey: readonly [number, number];
    readonly partitions: number;
  };
  return createWindowFold(window, digestKey, 0, partitions);
}

/** The state without its windows: stream time is kept. */
export function withoutWindows(state: WindowFold): WindowFold {
  const { config, partition, partitions, time } = state;
  return { ...createWindowFold(config, [0, 0], partition, partitions), time };
}
