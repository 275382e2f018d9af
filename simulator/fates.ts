/**
 * What becomes of a reading on its way: on time or delayed, twice, damaged, never sent, with a wrong time. Drawn from its
 * hash alone.
 * The delays are chosen so that the pipeline's answer is certain: an interval of two send periods keeps clear of each
 * border, because stream time runs a little behind the newest reading.
 */
import { drawFrom } from "./scramble.ts";
import type { WrongClock } from "./wrong-clock.ts";

/** Order is the numbering: a reading carries the index. */
export const fateNames = [
  "on-time",
  "out-of-order",
  "revising",
  "late",
  "malformed",
  "missing",
  "future",
] as const;
export type Fate = (typeof fateNames)[number];

export const fateIndex = {
  "on-time": 0,
  "out-of-order": 1,
  revising: 2,
  late: 3,
  malformed: 4,
  missing: 5,
  future: 6,
} as const satisfies Record<Fate, number>;

/** What a fate is decided for, and what is decided: event milliseconds all. */
export type Fated = {
  readonly device: number;
  readonly index: number;
  /** When it is measured; a clock that is wrong says something else from then on. */
  at: number;
  fate: number;
  /** When it leaves the device. */
  sendAt: number;
  /** When a second copy leaves, or -1. */
  duplicateAt: number;
};

/** Shares of the readings, 0 to 1. */
export type Mix = {
  readonly outOfOrder: number;
  readonly revising: number;
  readonly late: number;
  readonly duplicated: number;
  readonly malformed: number;
  readonly missing: number;
  /** With a time that must be rejected, as late or as future. Absent: none. */
  readonly wrongClock?: number;
};

export type FateSettings = {
  readonly everyMs: number;
  readonly devices: number;
  readonly partitions: number;
  readonly window: {
    readonly sizeMs: number;
    readonly graceMs: number;
    readonly retentionMs: number;
    readonly quorum: number;
  };
  readonly mix: Mix;
};

/** Less than this is jitter of a network, not disorder. */
const disorderMinMs = 5;

/** Of the readings that are on time otherwise: the share whose clock is wrong. */
export function wrongShare(mix: Mix): number {
  const { missing, malformed, late, revising, outOfOrder, wrongClock = 0 } = mix;
  const onTime = 1 - (missing + malformed + late + revising + outOfOrder);
  return onTime > 0 ? Math.min(1, wrongClock / onTime) : 0;
}

/** `clocks`: by which clock a reading is measured that is on time otherwise. */
export function createFates(
  settings: FateSettings,
  clocks: WrongClock,
): (into: Fated, readingWord: number) => void {
  const { everyMs, window, mix } = settings;
  const { sizeMs, graceMs, retentionMs } = window;
  const words = 0x1_0000_0000;
  const toMissing = mix.missing * words;
  const toMalformed = toMissing + mix.malformed * words;
  const toLate = toMalformed + mix.late * words;
  const toRevising = toLate + mix.revising * words;
  const toOutOfOrder = toRevising + mix.outOfOrder * words;
  const onTime = 1 - toOutOfOrder / words;
  const duplicatedOfOnTime = onTime > 0 ? (mix.duplicated / onTime) * words : 0;
  const margin = 2 * everyMs;
  const revisingSpan = Math.max(1, retentionMs - graceMs - margin);
  const duplicateSpan = Math.max(1, Math.min(3 * everyMs, graceMs) - 1);
  // Behind stream time means behind `quorum` neighbours of the partition, which send everyMs ÷ (its devices) apart.
  const neighbours = ((window.quorum + 2) * everyMs * settings.partitions) / settings.devices;
  const disorderLeast = Math.max(disorderMinMs, Math.ceil(neighbours));

  return (into, readingWord) => {
    const { at } = into;
    const word = drawFrom(readingWord, 2);
    into.fate = fateIndex["on-time"];
    into.sendAt = at;
    into.duplicateAt = -1;
    if (word >= toOutOfOrder) {
      const wrong = clocks.timeOf(into.device, into.index, at, readingWord);
      if (wrong !== undefined) {
        into.at = wrong.at;
        into.fate = wrong.way === "ahead" ? fateIndex.future : fateIndex.late;
        return;
      }
      const copy = drawFrom(readingWord, 3);
      if (copy < duplicatedOfOnTime) {
        into.duplicateAt = at + 1 + (drawFrom(readingWord, 4) % duplicateSpan);
      }
      return;
    }
    const delay = drawFrom(readingWord, 5);
    const windowEnd = (Math.floor(at / sizeMs) + 1) * sizeMs;
    if (word < toMissing) {
      into.fate = fateIndex.missing;
    } else if (word < toMalformed) {
      into.fate = fateIndex.malformed;
    } else if (word < toLate) {
      into.fate = fateIndex.late;
      into.sendAt = windowEnd + retentionMs + margin + (delay % sizeMs);
    } else if (word < toRevising) {
      into.fate = fateIndex.revising;
      into.sendAt = windowEnd + graceMs + margin + (delay % revisingSpan);
    } else {
      // Without grace, what leaves after its window's end would already revise it.
      const most = graceMs > 0 ? graceMs : Math.min(3 * everyMs, windowEnd - at - 1);
      if (most < 1) return;
      const least = Math.min(disorderLeast, most);
      into.fate = fateIndex["out-of-order"];
      into.sendAt = at + least + (delay % (most - least + 1));
    }
  };
}
