/** Where the canary's three faults are planted, and the copy that holds them. */
import type { RunFacts } from "../facts/run-facts.ts";
import { addRow, copyTable, type Table, type TableSpec } from "../facts/table.ts";
import { type CanaryTally, windowName } from "./canary-tally.ts";
import type { WindowIndex } from "./window-index.ts";

/** Windows that stand once in the place: to be removed, doubled, altered. */
export type Chosen = { readonly row: number; readonly at: number };
export type Plants = {
  readonly removed: Chosen;
  readonly doubled: Chosen;
  readonly altered: Chosen;
};
/** Windows among which to choose, and their names. */
export type Candidates = { readonly places: readonly Chosen[]; readonly names: readonly string[] };

/** A place in which more of the first ones are wrong has other worries than a canary. */
const candidatesMax = 256;
/** Windows that are due and stand once: from the middle, where a run is neither starting nor closing. */
export function gatherCandidates(
  facts: RunFacts,
  index: WindowIndex,
  placeOf: (row: number) => number,
): Candidates {
  const { firstDue, device, window } = facts.audit.windows.columns;
  const many = facts.audit.windows.length;
  const places: Chosen[] = [];
  for (let step = 0; step < many && places.length < candidatesMax; step++) {
    const row = (Math.floor(many / 2) + step) % many;
    const at = placeOf(row);
    if (firstDue[row]! > 0 && at >= 0) places.push({ row, at });
  }
  const nameOf = ({ row }: Chosen): string => windowName(index.nameOf(device[row]!), window[row]!);
  return { places, names: places.map(nameOf) };
}

/** Three that are right: what is planted where something is wrong already could not be told from that. */
export function choose({ places, names }: Candidates, before: CanaryTally): Plants | undefined {
  const wrong = new Set([...before.named.keys()].map((name) => name.slice(name.indexOf("/") + 1)));
  const right = places.filter((_, nth) => !wrong.has(names[nth]!));
  const [removed, doubled, altered] = right;
  if (removed === undefined || doubled === undefined || altered === undefined) return undefined;
  return { removed, doubled, altered };
}

/** A copy with the altered row's sum off by a hundredth, the doubled row twice, and the removed one gone. */
export function plant<S extends TableSpec & { readonly sum: "f64" }>(
  original: Table<S>,
  { removed, doubled, altered }: Plants,
): Table<S> {
  const table = copyTable(original, removed.at);
  const inCopy = ({ at }: Chosen): number => (at > removed.at ? at - 1 : at);
  const sums: Float64Array = table.columns.sum;
  sums[inCopy(altered)]! += 1;
  const twin = addRow(table);
  for (const name of Object.keys(table.spec) as (keyof S)[]) {
    table.columns[name][twin] = table.columns[name][inCopy(doubled)]!;
  }
  return table;
}

export function textsWithout(
  texts: ReadonlyMap<number, string>,
  gone: number,
): Map<number, string> {
  const kept = [...texts].filter(([row]) => row !== gone);
  return new Map(kept.map(([row, text]) => [row > gone ? row - 1 : row, text]));
}
