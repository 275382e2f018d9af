/** What a window must hold at a revision: the fold of its first k accepted readings, from the ledger's rows. */
import type { AuditTables } from "../facts/audit-facts.ts";
import { digestText } from "../facts/digest-text.ts";

/** Hundredths of a degree; digest words unsigned. */
export type WindowState = {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly digestHi: number;
  readonly digestLo: number;
};

export type ExpectedStates = {
  /** At the end: all accepted readings. */
  readonly final: (row: number) => WindowState;
  /** Undefined for a k below the first due one or above the last: no such revision may be published. */
  readonly at: (row: number, k: number) => WindowState | undefined;
};

export function createExpectedStates({
  windows,
  revisions,
}: Pick<AuditTables, "windows" | "revisions">): ExpectedStates {
  let earlier: ReadonlyMap<string, number> | undefined;

  function final(row: number): WindowState {
    return stateOf(windows.columns, row);
  }

  return {
    final,
    at: (row, k) => {
      if (windows.columns.firstDue[row] === 0) return undefined;
      if (windows.columns.count[row] === k) return final(row);
      earlier ??= byRowAndCount(revisions);
      const revision = earlier.get(`${row}/${k}`);
      return revision === undefined ? undefined : stateOf(revisions.columns, revision);
    },
  };
}

function byRowAndCount(revisions: AuditTables["revisions"]): ReadonlyMap<string, number> {
  const { row: rows, count: counts } = revisions.columns;
  const found = new Map<string, number>();
  for (let i = 0; i < revisions.length; i++) found.set(`${rows[i]}/${counts[i]}`, i);
  return found;
}

type StateColumns = { readonly [K in keyof WindowState]: ArrayLike<number> };

function stateOf(columns: StateColumns, row: number): WindowState {
  return {
    count: columns.count[row]!,
    min: columns.min[row]!,
    max: columns.max[row]!,
    sum: columns.sum[row]!,
    digestHi: columns.digestHi[row]!,
    digestLo: columns.digestLo[row]!,
  };
}

/** For findings. `revision` and numbers as published: degrees for min and max. */
export function describeState(state: WindowState): string {
  const { count, sum, min, max } = state;
  const digest = digestText(state.digestHi, state.digestLo);
  return `count ${count}, sum ${sum}, min ${min / 100}, max ${max / 100}, digest ${digest}`;
}
