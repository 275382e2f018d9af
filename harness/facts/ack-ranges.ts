/**
 * What became of the sends, as the simulator's workers noted it while they ran: NDJSON lines of ranges. A
 * worker that was killed leaves a last line that may be cut; positions that no line names were perhaps sent.
 */
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { FactsError } from "./facts-error.ts";

export const outcomes = ["acked", "failed", "unknown"] as const;
export type Outcome = (typeof outcomes)[number];

export type AckRange = {
  readonly partition: number;
  /** Positions of the partition's sends (closing ones follow those of the load): [from, to). */
  readonly from: number;
  readonly to: number;
  readonly outcome: Outcome;
};

/**
 * Every `acks*.ndjson` of the folder, line by line: a day of them is no longer one text. What goes on where the range
 * before it ended, with its outcome, is one range, so that memory is that of the changes. Errors: `FactsError`.
 */
export async function readAckRanges(folder: string): Promise<readonly AckRange[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new FactsError(`cannot list ${folder}`, { cause });
  });
  const merged = createMergedRanges();
  for (const name of names.filter((each) => /^acks.*\.ndjson$/.test(each)).sort()) {
    await readFile(join(folder, name), merged.add);
  }
  return merged.ranges;
}

async function readFile(file: string, take: (range: AckRange) => void): Promise<void> {
  let rest = "";
  let nth = 0;
  for await (const chunk of createReadStream(file, "utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      nth += 1;
      if (line !== "") take(wholeLine(line, nth));
    }
  }
  const last = rest === "" ? undefined : parseLine(rest);
  if (last !== undefined) take(last);
}

function createMergedRanges() {
  const ranges: AckRange[] = [];
  /** By partition: where its last range stands. */
  const latest = new Map<number, number>();
  function add(range: AckRange): void {
    const at = latest.get(range.partition);
    const before = at === undefined ? undefined : ranges[at];
    if (at !== undefined && before?.to === range.from && before.outcome === range.outcome) {
      ranges[at] = { ...before, to: range.to };
    } else latest.set(range.partition, ranges.push(range) - 1);
  }
  return { ranges, add };
}

/** Errors: `FactsError` for a line that is none, unless it is the last and has no end. */
export function parseAckRanges(text: string): readonly AckRange[] {
  const lines = text.split("\n");
  const cut = lines.pop() ?? "";
  const whole = lines.filter((line) => line !== "").map((line, nth) => wholeLine(line, nth + 1));
  const last = cut === "" ? undefined : parseLine(cut);
  return last === undefined ? whole : [...whole, last];
}

/** A line that has its end. `nth`: counts from 1. */
function wholeLine(line: string, nth: number): AckRange {
  const range = parseLine(line);
  if (range === undefined) throw new FactsError(`line ${nth} of the acks is no range`);
  return range;
}

function parseLine(line: string): AckRange | undefined {
  let value: Partial<AckRange> | null;
  try {
    value = JSON.parse(line) as Partial<AckRange> | null;
  } catch {
    return undefined; // The caller knows whether this line may be cut.
  }
  const { partition, from, to, outcome } = value ?? {};
  const numbers = [partition, from, to].every((n) => Number.isSafeInteger(n) && Number(n) >= 0);
  if (!numbers || !outcomes.includes(outcome as Outcome)) return undefined;
  return { partition, from, to, outcome } as AckRange;
}
