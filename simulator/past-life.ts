/**
 * What a killed worker left on file, read by the one that takes its place: what was settled, and how far the sends
 * behind that may have gone.
 */
import { z } from "zod";
import type { AckRange } from "./ack-log.ts";
import { recoverLines } from "./append-file.ts";
import type { IntentLine } from "./intent-log.ts";

/** What is on file does not allow to go on, or not to begin anew. */
export class ResumeError extends Error {
  readonly code = "worker-resume";

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "ResumeError";
  }
}

export type PastPartition = {
  /** From position 0 on, without a gap. */
  readonly ranges: readonly AckRange[];
  /** Every send with `sendAt` before it may have left. Absent: none has. */
  readonly untilEventMs?: number;
};

/** By partition; a partition of which nothing was written is not in it. */
export type PastLife = ReadonlyMap<number, PastPartition>;

const rangeSchema = z.object({
  atMs: z.number(),
  partition: z.int().min(0),
  from: z.int().min(0),
  to: z.int().min(0),
  outcome: z.enum(["acked", "failed", "unknown"]),
  baseOffset: z.int(),
});

const intentSchema = z.union([
  z.object({ partition: z.int().min(0), untilEventMs: z.int() }),
  z.object({ closing: z.literal(true) }),
]);

/**
 * Takes cut last lines off both files: a cut ack settles nothing, and of a cut intent the sends never began.
 * Errors: `ResumeError` for other lines that are none, for a gap, and for a worker that was at its closing readings.
 */
export function readPastLife(files: {
  readonly ackFile: string;
  readonly intentFile: string;
}): PastLife {
  const ranges = parseLines<AckRange>(files.ackFile, rangeSchema);
  const past = new Map<number, { ranges: AckRange[]; untilEventMs?: number }>();
  const partitionOf = (partition: number): { ranges: AckRange[]; untilEventMs?: number } => {
    const known = past.get(partition) ?? { ranges: [] };
    past.set(partition, known);
    return known;
  };
  for (const line of parseLines<IntentLine>(files.intentFile, intentSchema)) {
    if ("closing" in line) {
      throw new ResumeError(
        "The worker was killed after its closing readings had begun; which of them are in the log " +
          "cannot be told, so it does not go on. Let faults end before the load does.",
      );
    }
    partitionOf(line.partition).untilEventMs = line.untilEventMs;
  }
  for (const range of ranges) {
    const { ranges: before } = partitionOf(range.partition);
    const expected = before.at(-1)?.to ?? 0;
    if (range.from !== expected || range.to < range.from) {
      throw new ResumeError(
        `${files.ackFile} goes on at position ${range.from} of partition ${range.partition} where ` +
          `${expected} should follow: it was altered, so the worker does not go on.`,
      );
    }
    before.push(range);
  }
  return past;
}

/** Errors: `ResumeError` when a worker was here before; it would send everything again. */
export function refusePastLife(files: {
  readonly ackFile: string;
  readonly intentFile: string;
}): void {
  for (const file of [files.ackFile, files.intentFile]) {
    if (recoverLines(file).length === 0) continue;
    throw new ResumeError(
      `${file} says that this worker has sent before, and it was not told to go on from there: ` +
        "start it with `resume`, or with files of its own.",
    );
  }
}

function parseLines<T>(file: string, schema: z.ZodType<T>): readonly T[] {
  return recoverLines(file).map((line, index) => {
    const parsed = schema.safeParse(parseJson(line));
    if (parsed.success) return parsed.data;
    throw new ResumeError(`Line ${index + 1} of ${file} is none of a worker's: it was altered.`);
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // No schema takes it.
  }
}
