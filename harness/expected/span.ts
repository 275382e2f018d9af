/**
 * The span rule of `contract.md`, by exact sets: per open window and boot, the first accepted seq fixes
 * [s − span/2, s + span/2); up to 16 distinct seqs outside it are kept, each further one is refused.
 */
const spillMax = 16;

/**
 * Whether a reading with this seq is refused; `first` is the window's and boot's. Takes it into `spilled`, which holds
 * what lies outside, when it is not.
 */
export function isRefused(span: number, first: number, spilled: Set<number>, seq: number): boolean {
  if (seq >= first - span / 2 && seq < first + span / 2) return false;
  if (spilled.size >= spillMax) return true;
  spilled.add(seq);
  return false;
}
