/** Plays a plan into the in-memory Kafka: the same readings in the same order as the real workers send. */
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { nextSequence, stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import type { Clock } from "../../simulator/clock.ts";
import { closingReadings } from "../../simulator/closing.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import type { Plan, PlannedReading } from "../../simulator/plan.ts";
import type { AckRange } from "../facts/ack-ranges.ts";
import type { MemoryKafka } from "./memory-kafka.ts";

export type MemoryFleetOptions = {
  readonly plan: Plan;
  readonly kafka: MemoryKafka;
  readonly topic: string;
  readonly clock: Clock;
  /** Virtual wall milliseconds between two batches of a partition. */
  readonly tickMs: number;
  readonly timeScale: number;
};

/** Resolves when the last closing reading is in the log; every send was acked. */
export async function playFleet(options: MemoryFleetOptions): Promise<readonly AckRange[]> {
  const { plan, clock, tickMs, timeScale } = options;
  const { startAt, loadMs, partitions } = plan.options;
  const lanes = Array.from({ length: partitions }, (_, p) => createLane(options, p));
  const end = startAt + loadMs;
  for (let eventAt = startAt; eventAt < end; eventAt += tickMs * timeScale) {
    for (const lane of lanes) lane.playUntil(Math.min(end, eventAt + tickMs * timeScale));
    await clock.sleep(tickMs);
  }
  for (const lane of lanes) lane.close(end);
  return lanes.map((lane) => lane.acked());
}

/** One partition: its walk, its sequence, its batch under construction. */
function createLane({ plan, kafka, topic, clock }: MemoryFleetOptions, partition: number) {
  const walk = createPartitionWalk(plan, partition);
  const identity = kafka.initProducer();
  const writer = createBatchWriter(1_024); // a tick holds a few readings, and it grows
  const value = new Uint8Array(plan.encodedMaxBytes);
  let sequence = 0;
  let sent = 0;

  function add(reading: PlannedReading): void {
    const end = plan.encode(reading, value, 0);
    const { idBytes, idStart, idEnd } = reading;
    writer.append(idBytes, idStart, idEnd, value, 0, end);
    sent += 1;
  }

  function flush(): void {
    if (writer.count === 0) return;
    const draft = writer.take();
    const stamp = { ...identity, transactional: false, timestamp: clock.now() };
    kafka.append(topic, partition, stampBatch(draft, { ...stamp, baseSequence: sequence }));
    sequence = nextSequence(sequence, draft.count);
  }

  return {
    playUntil(eventMs: number): void {
      walk.advance(eventMs, add);
      flush();
    },
    close(cutAt: number): void {
      for (const reading of closingReadings(plan, partition, cutAt)) add(reading);
      flush();
    },
    acked: (): AckRange => ({ partition, from: 0, to: sent, outcome: "acked" }),
  };
}
