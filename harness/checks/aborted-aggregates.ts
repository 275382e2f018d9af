/**
 * Whether what stands in a store was only ever in an aborted transaction: then a job has read what
 * it must not (`aborted-read`), rather than made something up. What a later transaction wrote again
 * and committed is everybody's to read. Where more was aborted than could be kept, what is not
 * among it stays a `phantom`, or whatever else it is.
 */
import type { AggregatedRows } from "../facts/aggregated-rows.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import type { StoreRows } from "../facts/store-rows.ts";
import { rowOf } from "../facts/table.ts";

/** Of a row of the store: where the aborted record lies, in words; undefined: nothing says so. */
export type AbortedOrigin = (rows: StoreRows, at: number) => string | undefined;

const contents = ["window", "count", "sum", "digestHi", "digestLo"] as const;
type Content = { readonly [K in (typeof contents)[number]]: number };

export function createAbortedOrigin(facts: RunFacts): AbortedOrigin {
  const { transactions } = facts.topics;
  if (transactions === undefined || transactions === "not-kept") return () => undefined;
  const { aborted } = transactions;
  if (aborted.table.length === 0) return () => undefined;
  let places: ReadonlyMap<string, string> | undefined;
  return (rows, at) => {
    places ??= onlyAborted(facts, aborted);
    const content = rowOf(rows.table, at);
    const device = rows.deviceTexts.get(at);
    if (device === undefined && content.device < 0) return undefined;
    const place = places.get(keyOf(device ?? facts.plan.deviceId(content.device), content));
    return place === undefined ? undefined : `what was aborted at ${place}`;
  };
}

/** By content: where it lies. */
function onlyAborted(
  { topics, record, plan }: RunFacts,
  aborted: AggregatedRows,
): ReadonlyMap<string, string> {
  const keyAt = (rows: AggregatedRows, at: number): string => {
    const content = rowOf(rows.table, at);
    return keyOf(rows.deviceTexts.get(at) ?? plan.deviceId(content.device), content);
  };
  const places = new Map<string, string>();
  const { partition, offset, digestLo } = aborted.table.columns;
  for (let at = 0; at < aborted.table.length; at++) {
    const place = `${record.topics.aggregated}/${partition[at]}@${offset[at]}`;
    places.set(keyAt(aborted, at), place);
  }
  const digests = new Set(digestLo.subarray(0, aborted.table.length));
  const { table } = topics.aggregated;
  for (let at = 0; at < table.length; at++) {
    if (digests.has(table.columns.digestLo[at]!)) places.delete(keyAt(topics.aggregated, at));
  }
  return places;
}

function keyOf(device: string, content: Content): string {
  return [device, ...contents.map((name) => content[name])].join("/");
}
