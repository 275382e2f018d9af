/**
 * First in, first out, of numbers that come in runs of equal ones: the event times of readings on their way, of which
 * a millisecond of a large fleet has many. A run is one entry, so that pushing one of it adds 1 to a count, and what
 * is done for each of its numbers can be done once. Hot path.
 */
export type NumberQueue = {
  readonly push: (value: number) => void;
  /** The oldest; NaN when empty. */
  readonly first: () => number;
  /**
   * Takes the oldest out and those equal to it behind it, at most `most` (1 at least); returns how many.
   * Errors: `RangeError` when empty.
   */
  readonly takeRun: (most: number) => number;
};

export function createNumberQueue(): NumberQueue {
  let values = new Float64Array(256);
  let counts = new Uint32Array(256);
  let head = 0;
  /** Runs. */
  let length = 0;
  /** The slot of the last run; what it holds is meaningless when there is none. */
  let tail = 0;

  function grow(): void {
    const order = Array.from({ length }, (_, i) => (head + i) & (values.length - 1));
    const [oldValues, oldCounts] = [values, counts];
    values = new Float64Array(2 * oldValues.length);
    counts = new Uint32Array(2 * oldCounts.length);
    for (const [to, from] of order.entries()) {
      values[to] = oldValues[from]!;
      counts[to] = oldCounts[from]!;
    }
    head = 0;
  }

  return {
    first: () => (length === 0 ? Number.NaN : values[head]!),
    push(value) {
      if (length > 0 && values[tail] === value) {
        counts[tail]! += 1;
        return;
      }
      if (length === values.length) grow();
      tail = (head + length) & (values.length - 1);
      values[tail] = value;
      counts[tail] = 1;
      length += 1;
    },
    takeRun(most) {
      if (length === 0) throw new RangeError("nothing is left in the queue of what is on its way");
      const count = counts[head]!;
      if (count > most) {
        counts[head] = count - most;
        return most;
      }
      head = (head + 1) & (values.length - 1);
      length -= 1;
      return count;
    },
  };
}
