import fc from "fast-check";
import { expect, test } from "vitest";
import type { AbortedTransaction, FetchedPartition } from "../../../pipeline/kafka/port.ts";
import { createCommittedFilter } from "../../../pipeline/kafka/read-committed.ts";
import { type PlainRecord, slowEncode } from "./wire/slow-batch.ts";

/** One batch of one record at each offset: data of a producer, or the end of its open transaction. */
type Entry = { readonly producerId: number; readonly kind: "data" | "commit" | "abort" };

const steps = fc.array(
  fc.record({
    producerId: fc.constantFrom(1, 2, 3),
    kind: fc.constantFrom<Entry["kind"]>("data", "data", "data", "commit", "abort"),
  }),
  { maxLength: 40 },
);
const cuts = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 6 });

test("however a log is cut into fetches, exactly what was committed is seen", () => {
  fc.assert(
    fc.property(steps, cuts, (sample, cutAt) => {
      const log = ended(sample);
      const filter = createCommittedFilter();
      const seen: number[] = [];
      const bounds = [...cutAt.filter((cut) => cut < log.length), log.length];
      let next = 0;
      for (const end of bounds.toSorted((a, b) => a - b)) {
        const fetched = fetch(log, next, end);
        next = filter(fetched, next, (batch) => seen.push(batch.baseOffset));
        expect(next).toBe(end);
      }
      expect(seen).toEqual(committedOffsets(log));
    }),
    { numRuns: 500 },
  );
});

/** Every transaction is ended, as readers below the last stable offset find it; markers end something. */
function ended(entries: readonly Entry[]): Entry[] {
  const open = new Set<number>();
  const log = entries.filter(({ producerId, kind }) => {
    if (kind === "data") open.add(producerId);
    else return open.delete(producerId);
    return true;
  });
  return [...log, ...[...open].map((producerId): Entry => ({ producerId, kind: "abort" }))];
}

/** The definition: data counts when the next marker of its producer is a commit. */
function committedOffsets(log: readonly Entry[]): number[] {
  return log.flatMap(({ producerId, kind }, offset) => {
    const marker = log
      .slice(offset)
      .find((later) => later.producerId === producerId && later.kind !== "data");
    return kind === "data" && marker?.kind === "commit" ? [offset] : [];
  });
}

/** As a broker answers: aborted transactions that overlap the stretch, also those that began before it. */
function fetch(log: readonly Entry[], start: number, end: number): FetchedPartition {
  const aborted: AbortedTransaction[] = [];
  const began = new Map<number, number>();
  for (const [offset, { producerId, kind }] of log.entries()) {
    if (kind === "data" && !began.has(producerId)) began.set(producerId, offset);
    if (kind === "data") continue;
    const firstOffset = began.get(producerId)!;
    if (kind === "abort" && firstOffset < end && offset >= start) {
      aborted.push({ producerId, firstOffset });
    }
    began.delete(producerId);
  }
  const stretch = log.slice(start, end).map((entry, index) => encode(entry, start + index));
  return {
    topic: "t",
    partition: 0,
    batches: Buffer.concat(stretch),
    highWatermark: log.length,
    lastStableOffset: log.length,
    logStartOffset: 0,
    aborted: aborted.reverse(),
  };
}

function encode({ producerId, kind }: Entry, offset: number): Buffer {
  const key = kind === "data" ? null : Buffer.from([0, 0, 0, kind === "abort" ? 0 : 1]);
  const record: PlainRecord = { offset, timestamp: 0, key, value: null, headers: [] };
  return slowEncode({
    baseOffset: offset,
    lastOffsetDelta: 0,
    attributes: kind === "data" ? 16 : 48,
    baseTimestamp: 0,
    maxTimestamp: 0,
    producerId,
    producerEpoch: 0,
    baseSequence: 0,
    records: [record],
  });
}
