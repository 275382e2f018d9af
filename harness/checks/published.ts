/**
 * The records of `temperatures.aggregated`, gathered by window of the ledger, each window's in log order. A
 * (device, window) lives in one partition, so its offsets are its order.
 */
import { faultBit } from "../facts/aggregated-rows.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import { createWindowIndex, type WindowIndex } from "./window-index.ts";

export type Published = {
  readonly index: WindowIndex;
  /** Rows of `topics.aggregated` of a ledger row, in log order. */
  readonly of: (row: number) => Uint32Array;
  /** Rows that belong to no window of the ledger; poison records, which the run put there itself, are left out. */
  readonly foreign: readonly number[];
};

export function gatherPublished(facts: RunFacts): Published {
  const index = createWindowIndex(facts);
  const { table, deviceTexts } = facts.topics.aggregated;
  const { device, window, offset } = table.columns;
  const owner = new Int32Array(table.length);
  const starts = new Uint32Array(facts.audit.windows.length + 1);
  const foreign: number[] = [];
  const isPoison = createIsPoison(facts);
  let owned = 0;
  for (let i = 0; i < table.length; i++) {
    const inPlan = device[i]!;
    const known = inPlan >= 0 ? inPlan : index.deviceOf(inPlan, deviceTexts.get(i));
    const row = index.rowOf(known, window[i]!);
    owner[i] = row;
    if (row >= 0) {
      owned += 1;
      starts[row + 1]! += 1;
    } else if (!isPoison(i)) foreign.push(i);
  }
  for (let row = 0; row < facts.audit.windows.length; row++) starts[row + 1]! += starts[row]!;
  const gathered = new Uint32Array(owned);
  const filled = starts.slice();
  for (let i = 0; i < table.length; i++) {
    const row = owner[i]!;
    if (row >= 0) gathered[filled[row]!++] = i;
  }

  function of(row: number): Uint32Array {
    const rows = gathered.subarray(starts[row]!, starts[row + 1]!);
    return rows.length < 2 ? rows : rows.sort((a, b) => offset[a]! - offset[b]!);
  }

  return { index, of, foreign };
}

/** Unreadable records at the places where the run put some. */
function createIsPoison({ record, topics }: RunFacts): (row: number) => boolean {
  const { partition, offset, faults } = topics.aggregated.table.columns;
  const own = record.poisons?.filter(({ topic }) => topic === record.topics.aggregated);
  const places = new Set(own?.map((at) => `${at.partition}/${at.offset}`));
  const unreadable = faultBit("unreadable");
  return (row) =>
    (faults[row]! & unreadable) !== 0 && places.has(`${partition[row]}/${offset[row]}`);
}
