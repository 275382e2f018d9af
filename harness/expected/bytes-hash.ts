/** A hash of key and value, to tell whether a rejected record travelled as it came. */
import type { LogRecord } from "./log-record.ts";
import { murmur3 } from "./murmur3.ts";

export type BytesHash = { readonly hi: number; readonly lo: number };

/** A null key or value is not the empty one. */
export function bytesHash(record: LogRecord): BytesHash {
  const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record;
  const key = keyEnd < 0 ? undefined : bytes.subarray(keyStart, keyEnd);
  const value = valueEnd < 0 ? undefined : bytes.subarray(valueStart, valueEnd);
  return { hi: chained(key, value, 0x5bd1e995), lo: chained(key, value, 0) };
}

const nothing = new Uint8Array(0);

function chained(key: Uint8Array | undefined, value: Uint8Array | undefined, seed: number): number {
  const first = murmur3(key ?? nothing, key === undefined ? ~seed : seed);
  return murmur3(value ?? nothing, value === undefined ? ~first : first);
}
