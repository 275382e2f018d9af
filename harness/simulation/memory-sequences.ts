/**
 * What a partition remembers of its producers, so that a batch that is sent again is not stored again.
 * Source: Kafka 4.1 `ProducerAppendInfo.checkSequence`, `ProducerStateEntry` (the last five batches).
 */
import { KafkaError } from "../../pipeline/kafka/port.ts";
import type { Batch } from "../../pipeline/kafka/wire/batch-reader.ts";

type Remembered = {
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
};

type Producer = { epoch: number; batches: Remembered[] };

export type ProducerSequences = {
  /**
   * The offset at which the partition already has this batch, or undefined when it is the next one.
   * Errors: `KafkaError` of code `fenced` (an older epoch) or `refused` (out of order), both definite.
   */
  readonly check: (batch: Batch) => number | undefined;
  /** Remembers a batch that has been appended. */
  readonly note: (batch: Batch, baseOffset: number) => void;
  /** The epoch of an end marker fences whoever is older and lets its owner begin again at sequence 0. */
  readonly noteMarker: (producerId: number, epoch: number) => void;
};

/** A producer has at most five requests in flight, so an older duplicate cannot be a retry. */
const batchesRemembered = 5;

export function createProducerSequences(): ProducerSequences {
  const producers = new Map<number, Producer>();

  function check(batch: Batch): number | undefined {
    const producer = producers.get(batch.producerId);
    if (batch.producerId < 0 || producer === undefined) return undefined;
    if (batch.producerEpoch < producer.epoch) throw fenced(batch);
    const lastSequence = lastSequenceOf(batch);
    if (batch.producerEpoch > producer.epoch) {
      if (batch.baseSequence !== 0) throw outOfOrder(batch, 0);
      return undefined;
    }
    const same = producer.batches.find(
      (known) => known.baseSequence === batch.baseSequence && known.lastSequence === lastSequence,
    );
    if (same !== undefined) return same.baseOffset;
    const last = producer.batches.at(-1);
    const wanted = last === undefined ? 0 : (last.lastSequence + 1) % 0x8000_0000;
    if (batch.baseSequence !== wanted) throw outOfOrder(batch, wanted);
    return undefined;
  }

  function note(batch: Batch, baseOffset: number): void {
    if (batch.producerId < 0) return;
    const known = producers.get(batch.producerId);
    const batches = known?.epoch === batch.producerEpoch ? known.batches : [];
    batches.push({
      baseSequence: batch.baseSequence,
      lastSequence: lastSequenceOf(batch),
      baseOffset,
    });
    if (batches.length > batchesRemembered) batches.shift();
    producers.set(batch.producerId, { epoch: batch.producerEpoch, batches });
  }

  function noteMarker(producerId: number, epoch: number): void {
    const known = producers.get(producerId);
    if (known === undefined || known.epoch < epoch)
      producers.set(producerId, { epoch, batches: [] });
  }

  return { check, note, noteMarker };
}

/** Sequences wrap modulo 2^31, within a batch too. */
function lastSequenceOf(batch: Batch): number {
  return (batch.baseSequence + batch.lastOffset - batch.baseOffset) % 0x8000_0000;
}

function fenced(batch: Batch): KafkaError {
  const message = `producer ${batch.producerId} of epoch ${batch.producerEpoch} has a successor`;
  return new KafkaError("fenced", message, { definite: true });
}

function outOfOrder(batch: Batch, wanted: number): KafkaError {
  const message = `producer ${batch.producerId} sent sequence ${batch.baseSequence}, not ${wanted}`;
  return new KafkaError("refused", message, { definite: true });
}
