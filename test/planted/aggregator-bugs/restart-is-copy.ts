/**
 * Planted bug: a sequence number that is not above the highest of its device is taken for a copy. A
 * device that restarts begins at 0 again, and is silenced until it has caught up.
 * Ancestors: TheThingsNetwork/lorawan-stack #3728, brocaar/chirpstack-network-server #38.
 */
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { decideOnce, mapReadings } from "../raw-readings.ts";
import { onFetch } from "../wrap-kafka.ts";

export function restartIsCopy(kafka: Kafka): Kafka {
  const highest = new Map<string, { readonly boot: number; readonly seq: number }>();
  const isCopy = decideOnce(({ id, reading: { boot, seq } }) => {
    const before = highest.get(id);
    // Out of order within one boot is no restart.
    if (before !== undefined && boot > before.boot && seq <= before.seq) return true;
    if (before === undefined || seq > before.seq) highest.set(id, { boot, seq });
    return false;
  });
  return onFetch(kafka, ".thermostat.data", (fetched) =>
    mapReadings(fetched, (at) => (isCopy(at) ? "drop" : "keep")),
  );
}
