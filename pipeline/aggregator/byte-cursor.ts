/** Little-endian bytes written and read in order: the form of a checkpoint. */
import { AggregatorError } from "./aggregator-error.ts";

export type ByteSink = { bytes: Buffer; at: number };

export function createByteSink(): ByteSink {
  return { bytes: Buffer.allocUnsafe(4 * 1024), at: 0 };
}

/** The bytes written so far; a view. */
export function written(sink: ByteSink): Buffer {
  return sink.bytes.subarray(0, sink.at);
}

export function putInt(sink: ByteSink, value: number): void {
  reserve(sink, 4);
  sink.at = sink.bytes.writeInt32LE(value, sink.at);
}

export function putDouble(sink: ByteSink, value: number): void {
  reserve(sink, 8);
  sink.at = sink.bytes.writeDoubleLE(value, sink.at);
}

/** Length, then bytes. */
export function putBytes(sink: ByteSink, bytes: Uint8Array, start: number, end: number): void {
  putInt(sink, end - start);
  reserve(sink, end - start);
  sink.bytes.set(bytes.subarray(start, end), sink.at);
  sink.at += end - start;
}

function reserve(sink: ByteSink, more: number): void {
  if (sink.at + more <= sink.bytes.length) return;
  const grown = Buffer.alloc(Math.max(sink.bytes.length * 2, sink.at + more));
  sink.bytes.copy(grown, 0, 0, sink.at);
  sink.bytes = grown;
}

/** Errors of the three readers: `AggregatorError` of code `checkpoint` when the bytes end too early. */
export type ByteSource = { readonly bytes: Buffer; at: number };

export function takeInt(source: ByteSource): number {
  demand(source, 4);
  source.at += 4;
  return source.bytes.readInt32LE(source.at - 4);
}

export function takeDouble(source: ByteSource): number {
  demand(source, 8);
  source.at += 8;
  return source.bytes.readDoubleLE(source.at - 8);
}

/** A view. */
export function takeBytes(source: ByteSource): Buffer {
  const length = takeInt(source);
  demand(source, length);
  source.at += length;
  return source.bytes.subarray(source.at - length, source.at);
}

function demand(source: ByteSource, length: number): void {
  if (length >= 0 && source.at + length <= source.bytes.length) return;
  throw new AggregatorError("checkpoint", `a checkpoint ends in the middle, at byte ${source.at}`);
}
