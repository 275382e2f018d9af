/**
 * Planted bug: readings are recognised by a Bloom filter that is never renewed: as it fills, new
 * ones are taken for copies and left out.
 * Ancestors: theinterfold/interfold #1654, solana-labs/solana #22607.
 */

import { murmur3 } from "../../../pipeline/aggregator/digest.ts";
import type { Kafka } from "../../../pipeline/kafka/port.ts";
import { decideOnce, mapReadings } from "../raw-readings.ts";
import { onFetch } from "../wrap-kafka.ts";

/** For 100,000 readings one in a thousand would be wrong; 10,000 pass before the first one is. */
const bits = 1 << 21;
const hashes = 4;

export function bloomDedupe(kafka: Kafka): Kafka {
  const filter = new Uint8Array(bits / 8);

  function wasThere(text: string): boolean {
    const bytes = Buffer.from(text);
    let all = true;
    for (let n = 0; n < hashes; n++) {
      const bit = (murmur3(bytes, 0, bytes.length, n) >>> 0) % bits;
      const mask = 1 << (bit & 7);
      if ((filter[bit >> 3]! & mask) === 0) all = false;
      filter[bit >> 3]! |= mask;
    }
    return all;
  }

  const isCopy = decideOnce(({ id, reading }) => wasThere(`${id}/${reading.boot}/${reading.seq}`));
  return onFetch(kafka, ".thermostat.data", (fetched) =>
    mapReadings(fetched, (at) => (isCopy(at) ? "drop" : "keep")),
  );
}
