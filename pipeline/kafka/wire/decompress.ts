/**
 * Opens the records of a compressed batch. Others may compress; what this product writes it does not.
 * Non-goals: snappy and lz4, which would need a dependency that nothing else here wants.
 */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { WireError } from "./wire-error.ts";

export type Compression = "none" | "gzip" | "snappy" | "lz4" | "zstd";

/** By the number in a batch's attributes. */
export const compressions = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

/** A batch of a few kilobytes may claim to be gigabytes. Brokers take 1 MB by default. */
const decompressedBytesMax = 128 * 1024 * 1024;

/** Errors: `WireError` of code `unsupported`, `too-large` or `corrupt`. */
export function decompress(
  compression: Compression,
  bytes: Buffer,
  start: number,
  end: number,
): Buffer {
  const limit = { maxOutputLength: decompressedBytesMax };
  try {
    if (compression === "gzip") return gunzipSync(bytes.subarray(start, end), limit);
    if (compression === "zstd") return zstdDecompressSync(bytes.subarray(start, end), limit);
  } catch (cause) {
    if (cause instanceof RangeError) {
      const what = `a ${compression} batch unpacks to over ${decompressedBytesMax} bytes`;
      throw new WireError("too-large", what, { cause });
    }
    throw new WireError("corrupt", `a ${compression} batch cannot be unpacked`, { cause });
  }
  throw new WireError(
    "unsupported",
    `${compression} batches cannot be read: use none, gzip or zstd`,
  );
}
