/**
 * Planted bug: two neighbours of one batch are read with each other's temperature. The sum over
 * both is unchanged.
 * Ancestors: ChrisKujawa/zdb #61 (objects reused between the records of a batch), KAFKA-19012.
 */
import type { FetchedPartition, Kafka } from "../../../pipeline/kafka/port.ts";
import { eachReading, mapReadings } from "../raw-readings.ts";
import { onFetch } from "../wrap-kafka.ts";

/** Offsets of one in which a swap begins: fixed places, so that what is read again is the same. */
const every = 16;

type Seen = {
  readonly id: string;
  readonly offset: number;
  readonly batchOffset: number;
  readonly temperature: number;
};

export function swapTwoDevices(kafka: Kafka): Kafka {
  return onFetch(kafka, ".thermostat.data", (fetched) => {
    const swapped = swapsOf(fetched);
    return mapReadings(fetched, ({ offset, reading }) => {
      const other = swapped.get(offset);
      if (other === undefined) return "keep";
      reading.temperature = other;
      return "changed";
    });
  });
}

/** Temperatures by offset. */
function swapsOf(fetched: FetchedPartition): ReadonlyMap<number, number> {
  const swaps = new Map<number, number>();
  let before: Seen | undefined;
  eachReading(fetched, ({ id, offset, batchOffset, reading: { temperature } }) => {
    const first = before;
    before = { id, offset, batchOffset, temperature };
    if (first === undefined || first.offset % every !== 0) return;
    if (first.batchOffset !== batchOffset || first.id === id) return;
    swaps.set(first.offset, temperature).set(offset, first.temperature);
  });
  return swaps;
}
