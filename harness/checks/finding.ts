/** One violation with its evidence, and the capped list in which a check gathers them. */

/** The names of `findings[].class` in summary.json. */
const anomalyClasses = [
  "lost-write",
  "unseen",
  "duplicate",
  "aborted-read",
  "phantom",
  "corrupt",
  "reorder",
  "torn-txn",
  "zombie-write",
  "wrong-aggregate",
  "masked",
  "stale-final",
  "split-key",
  "silent-drop",
  "illegal-late",
  "time-travel",
  "stall",
  "hung-txn",
] as const;
export type AnomalyClass = (typeof anomalyClasses)[number];

/** Only what is known is there. `window` is its start in epoch milliseconds. */
export type Finding = {
  readonly class: AnomalyClass;
  readonly device?: string;
  readonly boot?: number;
  readonly seq?: number;
  readonly window?: number;
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly store?: string;
  readonly key?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly during?: string;
};

export type ClassCounts = Partial<Record<AnomalyClass, number>>;

/** A report stays readable: so many examples of a class are kept; the counts are of all. */
const examplesMax = 32;
/**
 * `violations.ndjson` names the others, too, up to so many: 25 MB of them. Where more is wrong,
 * nobody reads them one by one.
 */
export const violationsMax = 100_000;

export type FindingList = {
  readonly findings: Finding[];
  /**
   * The same and those that are no examples any more; without the ones of which nothing is known
   * but the class.
   */
  readonly violations: Finding[];
  readonly counts: ClassCounts;
  /** How many of the counted ones only repeat what is named elsewhere. */
  readonly echoes: () => number;
  /** Takes a function where the evidence is costly: it is called for those only that are kept. */
  readonly add: (kind: AnomalyClass, evidence: () => Omit<Finding, "class">) => void;
  /**
   * A violation of this clause that follows from one named already: counted, and not named twice.
   */
  readonly echo: (kind: AnomalyClass) => void;
};

/** `max`: examples kept of a class. */
export function createFindingList(max = examplesMax): FindingList {
  const findings: Finding[] = [];
  const violations: Finding[] = [];
  const named: ClassCounts = {};
  const counts: ClassCounts = {};
  let echoes = 0;
  const increase = (of: ClassCounts, kind: AnomalyClass): number => {
    of[kind] = (of[kind] ?? 0) + 1;
    return of[kind];
  };
  return {
    findings,
    violations,
    counts,
    echoes: () => echoes,
    add: (kind, evidence) => {
      increase(counts, kind);
      const isExample = increase(named, kind) <= max;
      if (!isExample && violations.length >= violationsMax) return;
      const known = evidence();
      const finding = { class: kind, ...known };
      if (isExample) findings.push(finding);
      if (violations.length < violationsMax && Object.keys(known).length > 0) {
        violations.push(finding);
      }
    },
    echo: (kind) => {
      increase(counts, kind);
      echoes += 1;
    },
  };
}

/** All findings of a list, the ones without an example included. */
export function total(counts: ClassCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
