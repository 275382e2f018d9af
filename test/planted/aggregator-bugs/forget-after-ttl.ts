/**
 * Planted bug: what was seen is forgotten after five seconds of event time, though its window is
 * open for longer: a copy that comes after that is folded again.
 * Ancestors: nats-io/nats-server #7302 (every second copy passes).
 */
import type { Aggregate } from "../../../pipeline/contract/aggregate.ts";
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { type Member, mapAggregates, withMember } from "../aggregate-drafts.ts";
import { eachReading, type ReadingAt } from "../raw-readings.ts";
import { onFetch, onSend } from "../wrap-kafka.ts";

const ttlMs = 5_000;

type Seen = { readonly offset: number; readonly seenAt: number };
type Again = Member & { readonly id: string; readonly at: number };

export function forgetAfterTtl(kafka: Kafka): Kafka {
  const seen = new Map<string, Seen>();
  /** By place, so that what is fetched twice is folded again once. */
  const foldedAgain = new Map<string, Again>();
  let now = Number.NEGATIVE_INFINITY;

  function look({ id, partition, offset, reading }: ReadingAt): void {
    const { at, boot, seq, temperature } = reading;
    now = Math.max(now, at);
    const key = `${id}/${boot}/${seq}`;
    const first = seen.get(key);
    if (first === undefined || offset <= first.offset) {
      seen.set(key, { offset, seenAt: now });
      return;
    }
    if (now - first.seenAt <= ttlMs) return;
    foldedAgain.set(`${partition}/${offset}`, { id, at, boot, seq, temperature });
  }

  function withCopies(aggregate: Aggregate): Aggregate {
    const { start, end } = aggregate.window;
    let result = aggregate;
    for (const copy of foldedAgain.values()) {
      const isMember = copy.id === aggregate.device.id && copy.at >= start && copy.at < end;
      if (isMember) result = withMember(result, copy, 1);
    }
    return result;
  }

  const reading = onFetch(kafka, ".thermostat.data", (fetched) => {
    eachReading(fetched, look);
    return fetched;
  });
  return onSend(reading, ".temperatures.aggregated", async (sending, producer) => {
    const draft = mapAggregates(sending.draft, (aggregate) => [withCopies(aggregate)]);
    if (draft !== undefined) await producer.send(sending.topic, sending.partition, draft);
  });
}
