/**
 * When devices restart. Reading i of a device is (boot, seq): `boot` counts the restarts before it, `seq` the readings
 * since the last one. Of every `stretch` readings of a device one is the first of a new life, which one a draw says; so
 * both directions are closed forms and nothing is stored. Lives are of any length from one reading on.
 */
import { drawFrom } from "./scramble.ts";

export type Boots = {
  /** Sets boot and seq of reading `index`. */
  readonly identify: (device: number, index: number, into: { boot: number; seq: number }) => void;
  /** The reading that is (boot, seq), whether or not the load reaches it; -1: there is none. */
  readonly indexOf: (device: number, boot: number, seq: number) => number;
};

/** Keeps these draws apart from the others of a device. */
const purpose = 0xb007;
/** A device sends fewer. */
const readingsMost = 2 ** 31;

/** `share` of the readings, 0 to 1, are the first after a restart. `wordOf`: the device's word. */
export function createBoots(share: number, wordOf: (device: number) => number): Boots {
  const stretch = Math.max(1, Math.round(1 / share));
  if (stretch >= readingsMost) return neverAgain;

  /** Index at which boot `boot` (1, 2, …) begins. */
  function beginOf(device: number, boot: number): number {
    const draw = drawFrom(drawFrom(wordOf(device), purpose), boot);
    return (boot - 1) * stretch + (draw % stretch);
  }

  return {
    identify(device, index, into) {
      const before = Math.floor(index / stretch);
      const begin = beginOf(device, before + 1);
      const boot = index >= begin ? before + 1 : before;
      into.boot = boot;
      into.seq = index - (boot > before ? begin : boot === 0 ? 0 : beginOf(device, boot));
    },
    indexOf(device, boot, seq) {
      if (!(boot >= 0 && seq >= 0)) return -1;
      const index = boot === 0 ? seq : beginOf(device, boot) + seq;
      return index < beginOf(device, boot + 1) ? index : -1;
    },
  };
}

const neverAgain: Boots = {
  identify(_device, index, into) {
    into.boot = 0;
    into.seq = index;
  },
  indexOf: (_device, boot, seq) => (boot === 0 ? seq : -1),
};
