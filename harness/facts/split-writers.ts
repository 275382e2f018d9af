/**
 * The records of `temperatures.aggregated` by who wrote them: the run's own aggregator, and those that a declared
 * re-aggregation set beside it, told apart by the producer ids of their batches. Pure; O(records).
 */
import { type AggregatedRows, createAggregatedRows } from "./aggregated-rows.ts";
import { addValues, rowOf } from "./table.ts";

export type SplitWriters = {
  readonly own: AggregatedRows;
  /** Empty for a run that declares no second writer. */
  readonly again: AggregatedRows;
};

export function splitWriters(rows: AggregatedRows, producerIds: ReadonlySet<number>): SplitWriters {
  if (producerIds.size === 0) return { own: rows, again: createAggregatedRows() };
  const [own, again] = [createAggregatedRows(), createAggregatedRows()];
  const { producerId } = rows.table.columns;
  for (let row = 0; row < rows.table.length; row++) {
    const into = producerIds.has(producerId[row]!) ? again : own;
    const at = addValues(into.table, rowOf(rows.table, row));
    const text = rows.deviceTexts.get(row);
    if (text !== undefined) into.deviceTexts.set(at, text);
  }
  return { own, again };
}
