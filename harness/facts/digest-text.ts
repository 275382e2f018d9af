/** The 16 hex digits of a contributor digest, and the two 32-bit words that they stand for. */

export type DigestWords = { readonly hi: number; readonly lo: number };

export function digestText(hi: number, lo: number): string {
  return hex(hi) + hex(lo);
}

/** Undefined when `text` is not 16 lower-case hex digits. */
export function parseDigest(text: unknown): DigestWords | undefined {
  if (typeof text !== "string" || !/^[0-9a-f]{16}$/.test(text)) return undefined;
  return {
    hi: Number.parseInt(text.slice(0, 8), 16),
    lo: Number.parseInt(text.slice(8), 16),
  };
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
