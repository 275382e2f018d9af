/**
 * Another order of the same records: each partition's are gathered into blocks, and each block is shuffled. So a record
 * is displaced by less than a block, which the caller keeps so short that nothing becomes late. Pure; seeded.
 */
import { drawFrom, seedWord } from "../../simulator/scramble.ts";

export type Reorder<T> = {
  readonly add: (partition: number, record: T) => void;
  /** One that stays where it is: nothing is displaced over it. */
  readonly addFixed: (partition: number, record: T) => void;
  /** What is still gathered, when no further record comes. */
  readonly end: () => void;
};

/** Keeps these draws apart from those of the plan, which begins with the same seed. */
const purpose = 0x5f1e;

/** `blockSize` 1: the same order. `take` is given the records one by one. */
export function createReorder<T>(
  options: { readonly partitions: number; readonly blockSize: number; readonly seed: number },
  take: (partition: number, record: T) => void,
): Reorder<T> {
  const { partitions, blockSize, seed } = options;
  const blocks: T[][] = Array.from({ length: partitions }, () => []);
  const word = drawFrom(seedWord(seed), purpose);
  let draws = 0;

  function release(partition: number): void {
    const block = blocks[partition]!;
    blocks[partition] = [];
    // Fisher and Yates.
    for (let at = block.length - 1; at > 0; at--) {
      const other = drawFrom(word, ++draws) % (at + 1);
      [block[at], block[other]] = [block[other]!, block[at]!];
    }
    for (const record of block) take(partition, record);
  }

  return {
    add(partition, record) {
      if (blocks[partition]!.push(record) >= blockSize) release(partition);
    },
    addFixed(partition, record) {
      release(partition);
      take(partition, record);
    },
    end() {
      for (let partition = 0; partition < partitions; partition++) release(partition);
    },
  };
}
