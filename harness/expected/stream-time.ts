/**
 * Stream time of one partition, by the rule of `contract.md`: the lowest of the highest `at` of `quorum`
 * distinct devices; it does not exist before so many devices, or 1,000 readings, were seen; it never goes back.
 * Hot path: in a log that is in order nearly every reading is a new highest one, so the ranks are walked by hand.
 */
export type StreamTime = {
  /** Epoch milliseconds; undefined while it does not exist. */
  readonly now: () => number | undefined;
  /** Counts every reading that could be read and is in its partition, refused as future or not. */
  readonly see: (device: number, at: number) => void;
};

/** Readings after which fewer devices than the quorum will do. */
const readingsEnough = 1_000;

export function createStreamTime(quorum: number): StreamTime {
  const highest: { device: number; at: number }[] = [];
  let lowest = Number.NEGATIVE_INFINITY;
  let readings = 0;
  let time: number | undefined;

  function see(device: number, at: number): void {
    readings += 1;
    // By far the most frequent case: every rank is taken, by readings that are not older than this one.
    if (at <= lowest && highest.length === quorum && time !== undefined) return;
    const own = rankOf(device);
    if (own >= 0) highest[own]!.at = Math.max(highest[own]!.at, at);
    else if (highest.length < quorum) highest.push({ device, at });
    else if (at > lowest) replaceLowest(device, at);
    lowest = lowestOfAll();
    const exists = highest.length === quorum || readings >= readingsEnough;
    if (exists) time = time === undefined ? lowest : Math.max(time, lowest);
  }

  function rankOf(device: number): number {
    for (let rank = 0; rank < highest.length; rank++) {
      if (highest[rank]!.device === device) return rank;
    }
    return -1;
  }

  function replaceLowest(device: number, at: number): void {
    for (const rank of highest) {
      if (rank.at !== lowest) continue;
      rank.device = device;
      rank.at = at;
      return;
    }
  }

  function lowestOfAll(): number {
    let least = Number.POSITIVE_INFINITY;
    for (let rank = 0; rank < highest.length; rank++) least = Math.min(least, highest[rank]!.at);
    return least;
  }

  return { now: () => time, see };
}
