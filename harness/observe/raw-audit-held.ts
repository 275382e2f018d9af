/**
 * Records that came before anybody could say what they should be: the closing readings, while the end of the
 * load is not known. Copied, because the fetched bytes are the reader's; bounded.
 */
import type { LogRecord } from "../expected/log-record.ts";

const heldMax = 200_000;

export type HeldRecords = {
  readonly any: () => boolean;
  readonly hold: (record: LogRecord) => void;
  /** All of them in order; none is left. */
  readonly release: () => readonly LogRecord[];
};

export function createHeldRecords(): HeldRecords {
  const held: LogRecord[] = [];
  return {
    any: () => held.length > 0,
    hold: (record) => {
      if (held.length === heldMax) throw new RangeError(`over ${heldMax} records past the load`);
      held.push(copyOf(record));
    },
    release: () => held.splice(0),
  };
}

function copyOf(record: LogRecord): LogRecord {
  const { offset, keyStart, keyEnd, valueStart, valueEnd } = record;
  const end = Math.max(keyEnd, valueEnd, keyStart, valueStart);
  const bytes = record.bytes.slice(keyStart, end);
  return {
    bytes: Uint8Array.from(bytes),
    offset,
    keyStart: 0,
    keyEnd: keyEnd < 0 ? -1 : keyEnd - keyStart,
    valueStart: valueStart - keyStart,
    valueEnd: valueEnd < 0 ? -1 : valueEnd - keyStart,
  };
}
