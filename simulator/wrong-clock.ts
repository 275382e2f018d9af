/**
 * Devices whose clock is wrong for a reading: back at 1970, as after a flat battery, or years ahead. The pipeline must
 * reject such a reading as late or as future and go on as if it had never come. A time far ahead counts for stream time,
 * which is the lowest of the highest of `quorum` devices: so only `quorum` − 1 devices of a partition are ever ahead,
 * all the more often. None is wrong before stream time can exist.
 */
import { drawFrom } from "./scramble.ts";

export type WrongClock = {
  /** What the device believes; undefined: its clock is right. `at`: when it measures, event ms. */
  readonly timeOf: (
    device: number,
    index: number,
    at: number,
    readingWord: number,
  ) => { readonly at: number; readonly way: "back" | "ahead" } | undefined;
};

export type WrongClockSettings = {
  /** Of the readings that it is asked about, 0 to 1. */
  readonly share: number;
  readonly startAt: number;
  readonly window: { readonly aheadMs: number; readonly quorum: number };
  readonly partitionOf: (device: number) => number;
  /** Devices of the fleet by partition. */
  readonly byPartition: readonly Uint32Array[];
};

const day = 86_400_000;
/** So far beyond `ahead` at least, and so much more at most. */
const aheadLeastMs = day;
const aheadMostMs = 10 * 365 * day;
/** Of its readings, a device that is ever ahead may have so many: it still reports. */
const aheadShareMost = 0.2;
/** In its first two rounds a partition may have no stream time yet: what is late or future then? */
const roundsBefore = 2;
const words = 2 ** 32;

export function createWrongClock(settings: WrongClockSettings): WrongClock {
  const { share, startAt, window, partitionOf, byPartition } = settings;
  const { aheadMs, quorum } = window;
  if (share === 0) return { timeOf: () => undefined };
  const ahead = new Set<number>();
  /** By partition, in 2^32ths of the readings: of those ever ahead, and of the others. */
  const aheadShares = new Float64Array(byPartition.length);
  const backShares = new Float64Array(byPartition.length);
  for (const [partition, devices] of byPartition.entries()) {
    // With fewer devices stream time is another matter: that of a thousand readings.
    if (devices.length < 2 * quorum) continue;
    const leaders = devices.subarray(0, quorum - 1);
    for (const device of leaders) ahead.add(device);
    const half = leaders.length === 0 ? 0 : (share * devices.length) / (2 * leaders.length);
    const aheadShare = Math.min(half, Math.max(share, aheadShareMost));
    aheadShares[partition] = aheadShare * words;
    const rest = share * devices.length - aheadShare * leaders.length;
    backShares[partition] = (rest / (devices.length - leaders.length)) * words;
  }
  const most = Math.max(...aheadShares, ...backShares);

  return {
    timeOf(device, index, at, readingWord) {
      const word = drawFrom(readingWord, 7);
      if (word >= most || index < roundsBefore) return undefined;
      const partition = partitionOf(device);
      const way = ahead.has(device) ? "ahead" : "back";
      if (word >= (way === "ahead" ? aheadShares : backShares)[partition]!) return undefined;
      if (way === "back") return { at: at - startAt, way };
      const beyond = aheadLeastMs + (drawFrom(readingWord, 8) % (aheadMostMs - aheadLeastMs));
      return { at: at + aheadMs + beyond, way };
    },
  };
}
