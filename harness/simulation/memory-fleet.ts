/**
 * Plays a plan into the in-memory Kafka: the same readings in the same order as the real workers send. A worker may die
 * with a batch under way; its successor goes on behind that batch, as another producer.
 */
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { nextSequence, stampBatch } from "../../pipeline/kafka/wire/stamp-batch.ts";
import type { Clock } from "../../simulator/clock.ts";
import { closingReadings } from "../../simulator/closing.ts";
import { createPartitionWalk } from "../../simulator/partition-walk.ts";
import type { Plan, PlannedReading } from "../../simulator/plan.ts";
import type { AckRange, Outcome } from "../facts/ack-ranges.ts";
import type { MemoryKafka } from "./memory-kafka.ts";

/** Of the last two the sender knows nothing: their outcome is `unknown`. */
export type SendOutcome = "acked" | "answer-lost" | "never-arrived";

export type MemoryFleetOptions = {
  readonly plan: Plan;
  readonly kafka: MemoryKafka;
  readonly topic: string;
  readonly clock: Clock;
  /** Virtual wall milliseconds between two batches of a partition. */
  readonly tickMs: number;
  readonly timeScale: number;
  /** Of each batch of the load; the closing readings are always acked. */
  readonly drawSend?: () => SendOutcome;
};

/** Resolves when the last closing reading is in the log. Ranges without gaps, by partition. */
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
  return lanes.flatMap((lane) => lane.ranges);
}

/**
 * One partition: its walk, its sequence, its batch under construction. A first copy always arrives: where the log holds
 * one of two equal records the audit has to guess which, and among five devices a wrong guess, which makes neighbours
 * out of order that are not, comes once in some thousand schedules.
 */
function createLane(options: MemoryFleetOptions, partition: number) {
  const { plan, kafka, topic, clock, drawSend } = options;
  const walk = createPartitionWalk(plan, partition);
  const writer = createBatchWriter(1_024); // a tick holds a few readings, and it grows
  const value = new Uint8Array(plan.encodedMaxBytes);
  const ranges: AckRange[] = [];
  let identity = kafka.initProducer();
  let sequence = 0;
  let sent = 0;
  let hasFirstCopy = false;

  function add(reading: PlannedReading, copy = 0): void {
    if (copy === 0 && reading.duplicateAt >= 0) hasFirstCopy = true;
    const end = plan.encode(reading, value, 0);
    const { idBytes, idStart, idEnd } = reading;
    writer.append(idBytes, idStart, idEnd, value, 0, end);
  }

  function flush(drawn: SendOutcome): void {
    const ends = drawn === "never-arrived" && hasFirstCopy ? "answer-lost" : drawn;
    hasFirstCopy = false;
    const draft = writer.take();
    const stamp = { ...identity, transactional: false, timestamp: clock.now() };
    if (ends !== "never-arrived") {
      kafka.append(topic, partition, stampBatch(draft, { ...stamp, baseSequence: sequence }));
    }
    note(draft.count, ends === "acked" ? "acked" : "unknown");
    sequence = nextSequence(sequence, draft.count);
    if (ends === "acked") return;
    identity = kafka.initProducer();
    sequence = 0;
  }

  function note(count: number, outcome: Outcome): void {
    const last = ranges.at(-1);
    const from = last?.outcome === outcome ? ranges.pop()!.from : sent;
    sent += count;
    ranges.push({ partition, from, to: sent, outcome });
  }

  return {
    playUntil(eventMs: number): void {
      walk.advance(eventMs, add);
      if (writer.count > 0) flush(drawSend?.() ?? "acked");
    },
    close(cutAt: number): void {
      for (const reading of closingReadings(plan, partition, cutAt)) add(reading);
      if (writer.count > 0) flush("acked");
    },
    ranges,
  };
}
