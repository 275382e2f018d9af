/**
 * Stream time of one partition: the lowest of the `quorum` highest `at` of distinct devices. A device that
 * believes it is 2038 neither closes windows nor silences its neighbours. It never goes back, and does not
 * exist until `quorum` distinct devices or 1,000 readings have been seen. Source: contract.md, "Stream time".
 */
import { sameBytes } from "./growth.ts";

/** From here on fewer devices than the quorum will do: a partition of two devices must close its windows too. */
const readingsWithoutQuorum = 1_000;

export type StreamTime = {
  readonly quorum: number;
  /** Epoch milliseconds; NaN while it does not exist: then nothing is at or past any time. */
  value: number;
  /** Readings seen, counted up to the thousand that matter. */
  readings: number;
  /** Leaders: as many of `at` and `ids` as `held` says are in use. */
  held: number;
  /** The leader with the lowest `at`; -1 where nobody has looked yet. */
  low: number;
  readonly at: Float64Array;
  /** Of their ids: `tagOf`. Leaders with another tag are other devices, which one look tells. */
  readonly tags: Int32Array;
  /** The leaders' ids by value: a leader may have no window open, so it has no slot to be known by. */
  readonly ids: Uint8Array[];
};

export function createStreamTime(quorum: number): StreamTime {
  const ids = Array.from({ length: quorum }, () => new Uint8Array(0));
  const at = new Float64Array(quorum);
  const tags = new Int32Array(quorum);
  return { quorum, value: Number.NaN, readings: 0, held: 0, low: -1, at, tags, ids };
}

/** Takes one reading of device `bytes[start, end)` into account, a rejected-as-future one included. */
export function observe(
  time: StreamTime,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  if (time.readings < readingsWithoutQuorum) time.readings++;
  const { held, quorum } = time;
  // Leaders are as high as stream time itself, so this one comparison settles most readings of the past.
  if (held < quorum || at > lowest(time)) lead(time, at, bytes, start, end);
  if (time.held < quorum && time.readings < readingsWithoutQuorum) return;
  const candidate = lowest(time);
  if (!(time.value >= candidate)) time.value = candidate;
}

/** Puts a leader of a checkpoint back into its place. */
export function restoreLeader(time: StreamTime, place: number, at: number, id: Uint8Array): void {
  takePlace(time, place, at, id, 0, id.length);
}

function lead(time: StreamTime, at: number, bytes: Uint8Array, start: number, end: number): void {
  const tag = tagOf(bytes, start, end);
  for (let place = 0; place < time.held; place++) {
    if (time.tags[place] !== tag) continue;
    const id = time.ids[place]!;
    if (!sameBytes(id, 0, id.length, bytes, start, end)) continue;
    if (at > time.at[place]!) time.at[place] = at;
    time.low = -1;
    return;
  }
  const place = time.held < time.quorum ? time.held++ : lowestPlace(time);
  takePlace(time, place, at, bytes, start, end);
}

/**
 * The id is written over the one before it where the length allows: leaders change with almost
 * every reading. (To note only where it lies, and to copy it at the end of the batch, was no
 * faster.)
 */
function takePlace(
  time: StreamTime,
  place: number,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  time.at[place] = at;
  time.tags[place] = tagOf(bytes, start, end);
  time.low = -1;
  const length = end - start;
  if (time.ids[place]!.length !== length) time.ids[place] = new Uint8Array(length);
  const id = time.ids[place]!;
  for (let i = 0; i < length; i++) id[i] = bytes[start + i]!;
}

/** The last three bytes of an id, where the ids of one fleet differ, and its length. */
function tagOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 3) return length;
  return (length << 24) | (bytes[end - 3]! << 16) | (bytes[end - 2]! << 8) | bytes[end - 1]!;
}

function lowest(time: StreamTime): number {
  return time.at[lowestPlace(time)]!;
}

/** Looked for once after every change: readings in order are a change each, and ask twice. */
function lowestPlace(time: StreamTime): number {
  if (time.low >= 0) return time.low;
  let place = 0;
  for (let i = 1; i < time.held; i++) if (time.at[i]! < time.at[place]!) place = i;
  time.low = place;
  return place;
}
