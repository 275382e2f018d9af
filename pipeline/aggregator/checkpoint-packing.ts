/**
 * A checkpoint's bytes as they travel. A million devices have some 240 MB of state: packed, it is a quarter, so
 * checkpoints may be four times as frequent for the same share of the input, and a crash re-folds a quarter.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { AggregatorError } from "./aggregator-error.ts";

/** The fastest level: 650 MB/s; the next ones take twice the time for a tenth less. */
const level = 1;

/** Equal states give equal bytes. Told the size before, both sides make tables and windows no larger than it. */
export function packState(state: Buffer): Buffer {
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  return zstdCompressSync(state, { params, pledgedSrcSize: state.length });
}

/** Errors: `AggregatorError` of code `checkpoint` for bytes that `packState` did not make. */
export function unpackState(packed: Buffer): Buffer {
  try {
    return zstdDecompressSync(packed);
  } catch (cause) {
    throw new AggregatorError("checkpoint", "a checkpoint's bytes cannot be unpacked", cause);
  }
}

/**
 * Bytes of a packed window, its share of the device included: mostly digest, sum and extremes, which nothing makes
 * smaller. Measured over 289,342 windows of 144,671 devices: 24.
 */
export const packedWindowBytes = 28;
