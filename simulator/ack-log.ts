/**
 * What the devices were told, as facts in a file: ranges of positions with one outcome, a JSON line each, written
 * every 100 ms, so that a worker that is killed leaves behind what it knew. Positions count a partition's sends in
 * the plan's order; those of closing readings go on behind the load's.
 */
import { type AppendFile, openAppendFile } from "./append-file.ts";
import type { SendResult } from "./producer.ts";

export type AckRange = {
  /** Wall time, epoch ms, at which the first of the range was settled. */
  readonly atMs: number;
  readonly partition: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly outcome: SendResult["outcome"];
  /** Offset of `from` in the log; -1 when not known. Those behind follow without a gap. */
  readonly baseOffset: number;
  /** Present on ranges of closing readings. */
  readonly closing?: true;
};

export type AckLog = {
  /** Merged with the range before it where outcome, positions and offsets go on. */
  readonly add: (range: AckRange) => void;
  /** Writes what was added, synchronously. Errors: the file system's. */
  readonly flush: () => void;
  readonly close: () => void;
};

/** Appends to `file`, which it creates. Errors: the file system's. */
export function openAckLog(
  file: string,
  open: (file: string) => AppendFile = openAppendFile,
): AckLog {
  const acks = open(file);
  const pending = new Map<number, AckRange>();
  let lines: string[] = [];

  function add(range: AckRange): void {
    const before = pending.get(range.partition);
    if (before !== undefined && continues(before, range)) {
      pending.set(range.partition, { ...before, to: range.to });
      return;
    }
    if (before !== undefined) lines.push(JSON.stringify(before));
    pending.set(range.partition, range);
  }

  function flush(): void {
    for (const range of pending.values()) lines.push(JSON.stringify(range));
    pending.clear();
    if (lines.length > 0) acks.append(`${lines.join("\n")}\n`);
    lines = [];
  }

  return {
    add,
    flush,
    close: () => {
      flush();
      acks.close();
    },
  };
}

function continues(before: AckRange, range: AckRange): boolean {
  const offset = before.baseOffset < 0 ? -1 : before.baseOffset + before.to - before.from;
  return (
    before.outcome === range.outcome &&
    before.to === range.from &&
    offset === range.baseOffset &&
    before.closing === range.closing
  );
}
