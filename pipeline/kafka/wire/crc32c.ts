/** The checksum of record batches: CRC-32C, computed natively (6 GB/s). */
import { crc32c as native } from "@node-rs/crc32";

/** CRC-32C of `bytes[start, end)`, unsigned. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  return native(bytes.subarray(start, end)) >>> 0;
}
