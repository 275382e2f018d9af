/**
 * Counts what the checks find: by name in the windows that are watched, by class alone in all others. A store in which
 * everything is wrong has millions of findings; none of them is kept here.
 */
import type { AnomalyClass, ClassCounts, Finding, FindingList } from "./finding.ts";

export type CanaryTally = {
  readonly list: FindingList;
  /** By `<class>/<device>/<window>`. */
  readonly named: ReadonlyMap<string, number>;
  /** Of windows that are not watched. */
  readonly others: ClassCounts;
};

/** `watched`: names as `windowName` gives them. `topic`: other findings than in this topic do not count. */
export function createCanaryTally(watched: ReadonlySet<string>, topic?: string): CanaryTally {
  const named = new Map<string, number>();
  const others: ClassCounts = {};

  function add(kind: AnomalyClass, evidence: () => Omit<Finding, "class">): void {
    const found = evidence();
    if (topic !== undefined && found.topic !== topic) return;
    const name = windowName(found.device, found.window);
    if (!watched.has(name)) others[kind] = (others[kind] ?? 0) + 1;
    else named.set(`${kind}/${name}`, (named.get(`${kind}/${name}`) ?? 0) + 1);
  }

  const nothing = { findings: [], violations: [], counts: {} };
  const list = { ...nothing, add, echo: () => undefined, echoes: () => 0 };
  return { list, named, others };
}

export function windowName(device: string | undefined, window: number | undefined): string {
  return `${device}/${window}`;
}
