/** Which of the two forms of a reading travels; a stream may hold both, a message says which it is. */
import type { RawReading, ReadingFormat } from "./reading.ts";
import { readingAvroMaxBytes, readReadingAvro, writeReadingAvro } from "./reading-avro.ts";
import { readingJsonMaxBytes, readReadingJson, writeReadingJson } from "./reading-json.ts";

type WriteReading = (target: Uint8Array, offset: number, reading: RawReading) => number;

export type ReadingWriter = { readonly write: WriteReading; readonly maxBytes: number };

export const readingWriters = {
  avro: { write: writeReadingAvro, maxBytes: readingAvroMaxBytes },
  json: { write: writeReadingJson, maxBytes: readingJsonMaxBytes },
} as const satisfies Record<ReadingFormat, ReadingWriter>;

/**
 * Fills `into` from `bytes[start, end)`, whichever form it is in (0xC3 begins Avro, `{` begins JSON);
 * false when the bytes are not one whole reading: the record is `malformed`.
 */
export function readReading(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: RawReading,
): boolean {
  if (bytes[start] === 0xc3) return readReadingAvro(bytes, start, end, into);
  if (bytes[start] === 0x7b) return readReadingJson(bytes, start, end, into);
  return false;
}
