/**
 * Names the reading that a window lacks or holds twice. The digest is a sum of one hash for each member, so the
 * difference between found and expected *is* the hash of the culprit, or of one that is gone and one that
 * took its place. 64 bits leave no room for chance among a few hundred candidates.
 */
import { contributionHi, contributionLo, deviceHash } from "../expected/contributor.ts";
import type { WholeFacts } from "../facts/run-facts.ts";

/** What a reading calls itself beside its device. */
type ReadingId = { readonly boot: number; readonly seq: number };

export type MemberFault = {
  /** Readings that are not in the window and should be. */
  readonly dropped: readonly ReadingId[];
  /** Readings that are in the window once too often. */
  readonly added: readonly ReadingId[];
};

type DigestPair = { readonly digestHi: number; readonly digestLo: number };

export type SolveMembers = (
  device: number,
  name: string,
  window: number,
  expected: DigestPair,
  found: DigestPair,
) => MemberFault | undefined;

/** A report shows a few examples of a class; where everything is wrong, the rest need no name. */
const solvesMax = 1_000;
/** Closing devices send a handful. */
const closingSeqs = 64;

/**
 * Looks among the plan's readings of the window and of its two neighbours. A solver answers its first
 * thousand questions, and undefined from then on.
 */
export function createSolver({ plan, record }: Pick<WholeFacts, "plan" | "record">): SolveMembers {
  const { sizeMs } = plan.options.window;
  let solves = 0;

  function candidates(device: number, window: number): readonly ReadingId[] {
    const known = device < plan.fleetDevices;
    const { first, end } = known
      ? plan.indexesIn(device, window - sizeMs, window + 2 * sizeMs)
      : { first: 0, end: closingSeqs };
    return Array.from({ length: end - first }, (_, k) => plan.readingId(device, first + k));
  }

  return (device, name, window, expected, found) => {
    if (device < 0 || Number.isNaN(window) || solves++ >= solvesMax) return undefined;
    const hash = deviceHash(Buffer.from(name), record.digestKey);
    const hi = (found.digestHi - expected.digestHi) >>> 0;
    const lo = (found.digestLo - expected.digestLo) >>> 0;
    if (hi === 0 && lo === 0) return undefined; // The members are right: something else is wrong.
    const shares = candidates(device, window).map(({ boot, seq }) => ({
      boot,
      seq,
      hi: contributionHi(hash.hi, boot, seq),
      lo: contributionLo(hash.lo, boot, seq),
    }));
    const bySum = new Map(shares.map((share) => [keyOf(share.hi, share.lo), share]));
    const added = bySum.get(keyOf(hi, lo));
    if (added !== undefined) return { dropped: [], added: [added] };
    const dropped = bySum.get(keyOf(-hi, -lo));
    if (dropped !== undefined) return { dropped: [dropped], added: [] };
    for (const share of shares) {
      const other = bySum.get(keyOf(hi + share.hi, lo + share.lo));
      if (other !== undefined) return { dropped: [share], added: [other] };
      const second = bySum.get(keyOf(-hi - share.hi, -lo - share.lo));
      if (second !== undefined) return { dropped: [share, second], added: [] };
      const twice = bySum.get(keyOf(hi - share.hi, lo - share.lo));
      if (twice !== undefined) return { dropped: [], added: [share, twice] };
    }
    return undefined;
  };
}

/** In words, for a finding. */
export function describeFault({ dropped, added }: MemberFault): string {
  const gone = dropped.map((reading) => `without ${nameOf(reading)}`);
  const more = added.map((reading) => `with ${nameOf(reading)} once too often`);
  return [...gone, ...more].join(", ");
}

function nameOf({ boot, seq }: ReadingId): string {
  return boot === 0 ? `seq ${seq}` : `boot ${boot} seq ${seq}`;
}

function keyOf(hi: number, lo: number): string {
  return `${hi >>> 0}/${lo >>> 0}`;
}
