/**
 * Planted bug: in one window of one device the second reading is dropped and the first folded
 * twice. Count and revision stay right, so only sum and contributor digest can tell. The bug
 * remembers what the aggregator reads of its victim, and alters what the aggregator publishes for
 * it.
 */
import type { Aggregate } from "../../pipeline/contract/aggregate.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { type Member, mapAggregates, withMember } from "./aggregate-drafts.ts";
import { eachReading, type ReadingAt } from "./raw-readings.ts";
import { onFetch, onSend } from "./wrap-kafka.ts";

export function foldOneTwice(kafka: Kafka): Kafka {
  let victim: string | undefined;
  let window: number | undefined;
  const readings = new Map<number, Member & { readonly at: number }>();

  function remember({ id, reading }: ReadingAt): void {
    victim ??= id;
    if (id !== victim || readings.has(reading.seq)) return;
    const { at, boot, seq, temperature } = reading;
    readings.set(seq, { at, boot, seq, temperature });
  }

  function maim(aggregate: Aggregate): Aggregate {
    if (aggregate.device.id !== victim) return aggregate;
    const { start, end } = aggregate.window;
    const inWindow = [...readings.values()].filter(({ at }) => at >= start && at < end);
    const [twice, dropped] = inWindow;
    window ??= twice && dropped && twice.temperature !== dropped.temperature ? start : undefined;
    if (window !== start || twice === undefined || dropped === undefined) return aggregate;
    return withMember(withMember(aggregate, twice, 1), dropped, -1);
  }

  const reading = onFetch(kafka, ".thermostat.data", (fetched) => {
    eachReading(fetched, remember);
    return fetched;
  });
  return onSend(reading, ".temperatures.aggregated", async (sending, producer) => {
    const { topic, partition } = sending;
    const draft = mapAggregates(sending.draft, (aggregate) => [maim(aggregate)]);
    if (draft !== undefined) await producer.send(topic, partition, draft);
  });
}
