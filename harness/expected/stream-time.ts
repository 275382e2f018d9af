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
  /** The highest `at`s of distinct devices, `ranks` of them so far. */
  const devices = new Int32Array(quorum);
  const ats = new Float64Array(quorum);
  let ranks = 0;
  let lowest = Number.NEGATIVE_INFINITY;
  let readings = 0;
  let time: number | undefined;

  function see(device: number, at: number): void {
    readings += 1;
    // Every rank is taken by readings that are not older than this one.
    if (at <= lowest && ranks === quorum) return;
    let own = -1;
    let least = 0;
    for (let rank = 0; rank < ranks; rank++) {
      if (devices[rank] === device) own = rank;
      if (ats[rank]! < ats[least]!) least = rank;
    }
    if (own >= 0) ats[own] = Math.max(ats[own]!, at);
    else if (ranks < quorum) put(ranks++, device, at);
    else put(least, device, at);
    lowest = ats[0]!;
    for (let rank = 1; rank < ranks; rank++) if (ats[rank]! < lowest) lowest = ats[rank]!;
    const exists = ranks === quorum || readings >= readingsEnough;
    if (exists && (time === undefined || lowest > time)) time = lowest;
  }

  function put(rank: number, device: number, at: number): void {
    devices[rank] = device;
    ats[rank] = at;
  }

  return { now: () => time, see };
}
