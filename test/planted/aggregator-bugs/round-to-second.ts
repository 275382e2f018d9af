/**
 * Planted bug: event times are rounded to whole seconds where they should be cut: what comes in the
 * last half second of a window is taken for the first of the next.
 * Ancestors: apache/beam #9958 (BEAM-8532), CORE-cer/CORE #70, odysseus-dev/odysseus #2128: ends of
 * windows off by one.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { mapReadings } from "../raw-readings.ts";
import { onFetch } from "../wrap-kafka.ts";

/** Every size of a window in our scenarios is a multiple of it. */
const granuleMs = 60_000;

export function roundToSecond(kafka: Kafka): Kafka {
  return onFetch(kafka, ".thermostat.data", (fetched) =>
    mapReadings(fetched, ({ reading }) => {
      const rounded = Math.round(reading.at / 1_000) * 1_000;
      // Elsewhere it changes nothing that anybody sees, but the bytes of what is rejected.
      if (rounded === reading.at || rounded % granuleMs !== 0) return "keep";
      reading.at = rounded;
      return "changed";
    }),
  );
}
