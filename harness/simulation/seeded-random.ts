/** A generator of draws from one seed: all that a simulated world leaves to chance comes from here, in one order. */
import { drawFrom, seedWord } from "../../simulator/scramble.ts";

export type Random = {
  /** [0, 1). */
  readonly fraction: () => number;
  /** A whole number of [0, below). */
  readonly below: (below: number) => number;
  readonly chance: (probability: number) => boolean;
};

/** `stream`: independent draws of the same seed. */
export function seededRandom(seed: number, stream: number): Random {
  const word = drawFrom(seedWord(seed), stream + 1);
  let draws = 0;
  const fraction = (): number => {
    draws += 1;
    return drawFrom(word, draws) / 2 ** 32;
  };
  return {
    fraction,
    below: (below) => Math.floor(fraction() * below),
    chance: (probability) => fraction() < probability,
  };
}
