/**
 * The span rule of `contract.md`, by exact sets: per open window and boot, the first accepted seq fixes
 * [s − span/2, s + span/2); up to 16 distinct seqs outside it are kept, each further one is refused.
 */
const spillMax = 16;

export type SpanRule = {
  /** Whether a reading of this window and boot with this seq is refused. Takes it in when it is not. */
  readonly refuses: (window: string, first: number, seq: number) => boolean;
};

export function createSpanRule(span: number): SpanRule {
  const spilled = new Map<string, Set<number>>();
  return {
    refuses: (window, first, seq) => {
      if (seq >= first - span / 2 && seq < first + span / 2) return false;
      const outside = spilled.get(window) ?? new Set();
      if (outside.size >= spillMax) return true;
      spilled.set(window, outside.add(seq));
      return false;
    },
  };
}
