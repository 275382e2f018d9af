/**
 * Planted bug: of the raw topic, each millionth reading never reaches the fold. Nothing else
 * changes.
 */
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { mapReadings } from "./raw-readings.ts";
import { onFetch } from "./wrap-kafka.ts";

const every = 1_000_000;

export function dropOneInAMillion(kafka: Kafka): Kafka {
  let seen = 0;
  return onFetch(kafka, ".thermostat.data", (fetched) =>
    mapReadings(fetched, () => {
      seen += 1;
      return seen % every === 0 ? "drop" : "keep";
    }),
  );
}
