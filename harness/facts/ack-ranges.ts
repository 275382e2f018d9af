/**
 * What became of the sends, as the simulator's workers noted it while they ran: NDJSON lines of ranges. A
 * worker that was killed leaves a last line that may be cut; positions that no line names were perhaps sent.
 */
import { readdir, readFile } from "node:fs/promises";
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

/** Every `acks*.ndjson` of the folder. Errors: `FactsError`. */
export async function readAckRanges(folder: string): Promise<readonly AckRange[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new FactsError(`cannot list ${folder}`, { cause });
  });
  const files = names.filter((name) => /^acks.*\.ndjson$/.test(name)).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap(parseAckRanges);
}

/** Errors: `FactsError` for a line that is none, unless it is the last and has no end. */
export function parseAckRanges(text: string): readonly AckRange[] {
  const lines = text.split("\n");
  const cut = lines.pop() ?? "";
  const whole = lines.filter((line) => line !== "").map((line) => parseLine(line));
  const last = cut === "" ? undefined : parseLine(cut);
  const ranges = whole.map((range, index) => {
    if (range === undefined) throw new FactsError(`line ${index + 1} of the acks is no range`);
    return range;
  });
  return last === undefined ? ranges : [...ranges, last];
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
