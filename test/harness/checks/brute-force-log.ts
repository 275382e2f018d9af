/**
 * C1 to C4 of one partition by the most obvious means: every record in a Map, counted by its bytes,
 * nothing that is clever about gaps or places. For comparison with the audit and the checks.
 */
import { emptyRawReading } from "../../../pipeline/contract/reading.ts";
import { readReading } from "../../../pipeline/contract/reading-codec.ts";
import type { RawRecord } from "../expected/brute-force.ts";

type Outcome = "acked" | "failed" | "unknown";
export type Sent = { readonly record: RawRecord; readonly outcome: Outcome };

export type BruteForce = {
  /** How many of each class; a class that is not found is not there. */
  readonly counts: Readonly<Record<string, number>>;
  /** Whether the sends stand in their order, extra copies aside. */
  readonly inOrder: boolean;
};

export function judgeLog(sends: readonly Sent[], log: readonly RawRecord[]): BruteForce {
  const counts: Record<string, number> = {};
  const add = (kind: string, n: number): void => {
    if (n > 0) counts[kind] = (counts[kind] ?? 0) + n;
  };
  const planned = Map.groupBy(sends, ({ record }) => bytesOf(record));
  const byId = new Map(sends.map(({ record }) => [idOf(record), bytesOf(record)]));
  const found = new Map<string, number>();
  const places: number[][] = [];
  const positions = Map.groupBy(sends.keys(), (at) => bytesOf(sends[at]!.record));
  for (const record of log) {
    const bytes = bytesOf(record);
    const id = idOf(record);
    const meant = planned.has(bytes) ? bytes : id === undefined ? undefined : byId.get(id);
    if (meant === undefined) add("phantom", 1);
    else {
      if (meant !== bytes) add("corrupt", 1);
      found.set(meant, (found.get(meant) ?? 0) + 1);
      places.push(positions.get(meant)!);
    }
  }
  let extra = 0;
  for (const [bytes, same] of planned) {
    const n = found.get(bytes) ?? 0;
    const [acked, unknown] = (["acked", "unknown"] as const).map(
      (outcome) => same.filter((send) => send.outcome === outcome).length,
    );
    add("lost-write", acked! - n);
    add("duplicate", n - same.length);
    add("aborted-read", Math.min(n, same.length) - acked! - unknown!);
    extra += Math.max(0, n - same.length);
  }
  return { counts, inOrder: longestRising(places) === places.length - extra };
}

/**
 * Of lists of numbers: so many of them can be passed in order, taking at most one rising number of
 * each.
 */
function longestRising(lists: readonly (readonly number[])[]): number {
  const lowest: number[] = [];
  for (const list of lists) {
    // Downwards, so that one list cannot follow itself.
    for (const place of list.toSorted((a, b) => b - a)) {
      const at = lowest.findIndex((low) => low >= place);
      lowest[at < 0 ? lowest.length : at] = place;
    }
  }
  return lowest.length;
}

function bytesOf({ key, value }: RawRecord): string {
  const hex = (bytes: Uint8Array | null): string =>
    bytes === null ? "null" : Buffer.from(bytes).toString("hex");
  return `${hex(key)}/${hex(value)}`;
}

/** Undefined: nobody can read it. */
function idOf({ value }: RawRecord): string | undefined {
  const reading = emptyRawReading();
  if (value === null || !readReading(value, 0, value.length, reading)) return undefined;
  const id = Buffer.from(reading.idBytes.subarray(reading.idStart, reading.idEnd));
  return `${id.toString()}/${reading.boot}/${reading.seq}`;
}
