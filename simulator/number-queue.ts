/** First in, first out, of numbers, without an object for each: the intended times of readings on their way. Hot path. */
export type NumberQueue = {
  readonly length: number;
  readonly push: (value: number) => void;
  /** The oldest; NaN when empty. */
  readonly first: () => number;
  /** Takes the oldest out; NaN when empty. */
  readonly shift: () => number;
};

export function createNumberQueue(): NumberQueue {
  let ring = new Float64Array(1024);
  let head = 0;
  let length = 0;

  function grow(): void {
    const grown = new Float64Array(2 * ring.length);
    const firstPart = ring.subarray(head);
    grown.set(firstPart);
    grown.set(ring.subarray(0, head), firstPart.length);
    ring = grown;
    head = 0;
  }

  return {
    get length() {
      return length;
    },
    first: () => (length === 0 ? Number.NaN : ring[head]!),
    push(value) {
      if (length === ring.length) grow();
      ring[(head + length) & (ring.length - 1)] = value;
      length += 1;
    },
    shift() {
      if (length === 0) return Number.NaN;
      const value = ring[head]!;
      head = (head + 1) & (ring.length - 1);
      length -= 1;
      return value;
    },
  };
}
