/** A hash of all that happens in a simulated world, in its order and with its times: two equal worlds, one hash. */
import { crc32 } from "node:zlib";
import type { Log } from "../../pipeline/kafka/port.ts";
import { scramble } from "../../simulator/scramble.ts";

export type Trace = {
  readonly number: (value: number) => void;
  readonly text: (value: string | Buffer) => void;
  /** Eight hexadecimal digits, of everything so far. */
  readonly digest: () => string;
};

export function createTrace(): Trace {
  let state = 0x811c9dc5;
  const number = (value: number): void => {
    // Times have fractions, and offsets more than 32 bits.
    state = scramble(state ^ scramble(Math.trunc(value * 1024) % 0x1_0000_0000));
  };
  return {
    number,
    text: (value) => number(crc32(value)),
    digest: () => state.toString(16).padStart(8, "0"),
  };
}

/** What is read of a log enters the trace: its batches with their offsets, their times and the ends of transactions. */
export function tracedLog(log: Log, trace: Trace): Log {
  return {
    ...log,
    fetch: async (request, signal) => {
      const fetched = await log.fetch(request, signal);
      for (const { partition, batches } of fetched) {
        trace.number(partition);
        trace.text(batches);
      }
      return fetched;
    },
  };
}
