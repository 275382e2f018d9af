/**
 * Keeps a meter's lag: how far what is stored lies behind the log, by partition of the present
 * assignment.
 */
import type { Assignment } from "../../kafka/port.ts";
import type { PartitionLag, TaskMeter } from "./task-meter.ts";
import type { PartitionProgress } from "./topic-reader.ts";

export type LagKeeper = {
  /** Next offset to be stored, by partition of the topic. */
  readonly begin: (topic: string, from: ReadonlyMap<number, number>) => void;
  /** Where the log ends now, by partition of the topic. */
  readonly sawEnds: (topic: string, ends: ReadonlyMap<number, number>) => void;
  /** All of a batch is stored. */
  readonly stored: (topic: string, progress: readonly PartitionProgress[]) => void;
};

type Position = { next: number; end: number };

/** Forgets what an earlier assignment left. */
export function createLagKeeper(meter: TaskMeter, partitions: Assignment["partitions"]): LagKeeper {
  const positions = new Map<PartitionLag, Position>();
  meter.lag.clear();
  meter.partitions = 0;
  for (const list of partitions.values()) meter.partitions += list.length;

  function at(topic: string, partition: number): [PartitionLag, Position] {
    const key = `${topic}/${partition}`;
    let lag = meter.lag.get(key);
    if (lag === undefined) {
      lag = { topic, partition, records: 0, storedAtMs: undefined };
      meter.lag.set(key, lag);
    }
    let position = positions.get(lag);
    if (position === undefined) {
      position = { next: 0, end: 0 };
      positions.set(lag, position);
    }
    return [lag, position];
  }

  function update(lag: PartitionLag, { next, end }: Position): void {
    lag.records = Math.max(0, end - next);
  }

  return {
    begin: (topic, from) => {
      for (const [partition, next] of from) {
        const [, position] = at(topic, partition);
        position.next = next;
        position.end = next;
      }
    },
    sawEnds: (topic, ends) => {
      for (const [partition, end] of ends) {
        const [lag, position] = at(topic, partition);
        position.end = Math.max(position.end, end);
        update(lag, position);
      }
    },
    stored: (topic, progress) => {
      for (const { partition, next, end, lastMs } of progress) {
        const [lag, position] = at(topic, partition);
        position.next = next;
        position.end = Math.max(position.end, end);
        update(lag, position);
        if (lastMs !== undefined) lag.storedAtMs = lastMs;
      }
    },
  };
}
