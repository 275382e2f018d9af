/**
 * Planted bug: degrees are added up as 32-bit floats, in the order in which they come. The mean is
 * off behind the sixth digit, and by how much depends on the order.
 * Ancestors: elastic/elasticsearch #27807, prometheus/prometheus #5400, numpy/numpy #7368.
 */
import type { Aggregate } from "../../../pipeline/contract/aggregate.ts";
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { mapAggregates } from "../aggregate-drafts.ts";
import { eachReading, type ReadingAt } from "../raw-readings.ts";
import { onFetch, onSend } from "../wrap-kafka.ts";

type Kept = { readonly at: number; readonly degrees: number };

export function floatMean(kafka: Kafka): Kafka {
  /** By device, in the order of coming; by identity, so that a copy counts once. */
  const devices = new Map<string, Map<string, Kept>>();

  function keep({ id, reading: { boot, seq, at, temperature } }: ReadingAt): void {
    const readings = devices.get(id) ?? new Map<string, Kept>();
    devices.set(id, readings);
    const key = `${boot}/${seq}`;
    if (!readings.has(key)) readings.set(key, { at, degrees: temperature / 100 });
  }

  function withFloatMean(aggregate: Aggregate): Aggregate {
    const { start, end } = aggregate.window;
    let sum = 0;
    let count = 0;
    for (const { at, degrees } of devices.get(aggregate.device.id)?.values() ?? []) {
      if (at < start || at >= end) continue;
      sum = Math.fround(sum + Math.fround(degrees));
      count += 1;
    }
    // What is fetched ahead, or was there before this instance, is none of this aggregate.
    if (count !== aggregate.count) return aggregate;
    return { ...aggregate, temperature: { ...aggregate.temperature, mean: sum / count } };
  }

  const reading = onFetch(kafka, ".thermostat.data", (fetched) => {
    eachReading(fetched, keep);
    return fetched;
  });
  return onSend(reading, ".temperatures.aggregated", async (sending, producer) => {
    const draft = mapAggregates(sending.draft, (aggregate) => [withFloatMean(aggregate)]);
    if (draft !== undefined) await producer.send(sending.topic, sending.partition, draft);
  });
}
