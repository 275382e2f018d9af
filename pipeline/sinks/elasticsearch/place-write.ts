/** Where a write goes, and whether it may go there at all. Pure. */
import type { Statement } from "../../kcql/statement.ts";
import { failed, notNewer, retired, type SinkWrite, type WriteResult } from "../sink.ts";
import { documentId, maxIdBytes } from "./document-id.ts";
import type { IndexNames, IndexPlace } from "./index-names.ts";

export type Placed = {
  readonly write: SinkWrite;
  readonly place: IndexPlace;
  readonly id: string;
  /** Without a version, in the order of the log. */
  readonly merges: boolean;
};

export type Placing = {
  readonly names: ReadonlyMap<Statement, IndexNames>;
  readonly separator: string;
  readonly mergeUpserts: boolean;
  /** Indices that hold nothing later are retired; epoch milliseconds. */
  readonly pastMs: number;
};

/** What a `Date` can hold. */
const maxTimeMs = 8.64e15;

/** The write's place, or its result when Elasticsearch need not, or must not, be asked. */
export function placeWrite(write: SinkWrite, placing: Placing): Placed | WriteResult {
  const { statement, timeMs, version } = write;
  if (!(Math.abs(timeMs) <= maxTimeMs)) return fault(`its time, ${timeMs}, is no date`);
  // One of these would be answered by refusing its whole bulk.
  if (!Number.isSafeInteger(version) || version < 0) {
    return fault(`its version, ${version}, is no integer from 0 to 2^53`);
  }
  const place = placing.names.get(statement)!.placeOf(timeMs);
  if (place.endMs <= placing.pastMs) return retired;
  const id = documentId(write.id, placing.separator);
  if (id === "") return fault("its id is empty");
  if (id.length * 3 > maxIdBytes && Buffer.byteLength(id) > maxIdBytes) {
    return fault(`its id is longer than ${maxIdBytes} bytes`);
  }
  return { write, place, id, merges: placing.mergeUpserts && statement.mode === "UPSERT" };
}

/**
 * Positions to send. Of writes to one document only the newest is sent: two bulks under way at once have
 * no order, and the older is overtaken anyhow. A batch counts as done only when all its writes are.
 * Writes that merge are all sent.
 */
export function newestOnly(
  placed: readonly (Placed | undefined)[],
  results: (WriteResult | undefined)[],
): number[] {
  const byIndex = new Map<string, Map<string, number>>();
  const sent: number[] = [];
  let index: string | undefined;
  let newest = new Map<string, number>();
  for (let position = 0; position < placed.length; position++) {
    const one = placed[position];
    if (one === undefined) continue;
    sent.push(position);
    if (one.merges) continue;
    if (one.place.index !== index) {
      index = one.place.index;
      newest = byIndex.get(index) ?? new Map<string, number>();
      byIndex.set(index, newest);
    }
    const other = newest.get(one.id);
    if (other !== undefined) {
      const isOlder = one.write.version <= placed[other]!.write.version;
      results[isOlder ? position : other] = notNewer;
      if (isOlder) continue;
    }
    newest.set(one.id, position);
  }
  return sent.filter((position) => results[position] === undefined);
}

function fault(why: string): WriteResult {
  return failed(new Error(`the document cannot be stored: ${why}`));
}
