/** Text between the quotes of a JSON string, from bytes to bytes: what needs no escape, nearly all of it, is copied. */

const encoder = new TextEncoder();
/** A byte order mark is text like any other here. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Writes UTF-8 `text[start, end)` at `offset` as it stands between a JSON string's quotes; returns the offset after it. */
export function writeJsonText(
  target: Uint8Array,
  offset: number,
  text: Uint8Array,
  start: number,
  end: number,
): number {
  for (let i = start; i < end; i++) {
    const byte = text[i]!;
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) {
      const slow = JSON.stringify(decoder.decode(text.subarray(start, end)));
      return offset + encoder.encodeInto(slow.slice(1, -1), target.subarray(offset)).written;
    }
    target[offset + i - start] = byte;
  }
  return offset + end - start;
}
