/**
 * Builds one record batch (v2) straight into a buffer: no object per record. Hot path.
 * The writer leaves room for the 61-byte header; whoever owns producer id and sequence stamps it
 * (`stamp-batch.ts`), so that a retry can send the same bytes. Source: Kafka documentation, "Record Batch".
 */
import { layout } from "./batch-layout.ts";
import { WireError } from "./wire-error.ts";
import { moreOfVarlong, varintSize, writeVarint, writeVarlong } from "./write-varint.ts";

/** Records of a batch with an unstamped header: `bytes[0, 61)` is room, `bytes[61, end)` the records. */
export type BatchDraft = {
  readonly bytes: Buffer;
  readonly end: number;
  readonly count: number;
  /** Present when the records came with times of their own; otherwise theirs is the stamp's. */
  readonly times?: BatchTimes | undefined;
};

/** Epoch milliseconds, whole: of the first record, which the others count from, and of the latest. */
type BatchTimes = { readonly first: number; readonly latest: number };

/** Kafka allows a null value; a key may come more than once. */
export type RecordHeader = { readonly key: string; readonly value: Uint8Array | null };

export type BatchWriter = {
  /** Records so far. */
  readonly count: number;
  /** Bytes so far, the room of the header included. */
  readonly size: number;
  /**
   * Adds a record of `key[keyStart, keyEnd)` and `value[valueStart, valueEnd)`; null is Kafka's null.
   * Its timestamp is the batch's, or `timestamp` (whole epoch milliseconds): all records of a batch have
   * one of their own or none has. A topic of LogAppendTime puts the broker's in its place. The bytes are
   * copied. Errors: `WireError` of code `too-large`; `RangeError` for a batch of both kinds.
   */
  readonly append: (
    key: Uint8Array | null,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array | null,
    valueStart: number,
    valueEnd: number,
    headers?: readonly RecordHeader[],
    timestamp?: number,
  ) => void;
  /** A view on the writer's own buffer; valid until the next `append`, `reset` or `take`. */
  readonly draft: () => BatchDraft;
  /** Begins anew in the same buffer. */
  readonly reset: () => void;
  /** Hands the buffer over to the caller and begins anew in another one. */
  readonly take: () => BatchDraft;
  /** Gives a buffer back that `take` handed over and nobody reads any more. */
  readonly give: (buffer: Buffer) => void;
};

/** Far above any broker's `message.max.bytes`; keeps a runaway caller from eating the machine. */
const bytesMax = 64 * 1024 * 1024;
/** Buffers kept for reuse: as many as batches may be in flight on one connection, and some. */
const spareMax = 16;

const textEncoder = new TextEncoder();

/** `initialBytes`: what a batch is expected to need; it grows when that was too little. */
export function createBatchWriter(initialBytes: number): BatchWriter {
  const spare: Buffer[] = [];
  let capacity = Math.max(initialBytes, 2 * layout.records);
  let bytes: Buffer = Buffer.allocUnsafeSlow(capacity);
  let view = viewOf(bytes);
  const keys = createCopier();
  const values = createCopier();
  let end: number = layout.records;
  let count = 0;
  let first: number | undefined;
  let latest = 0;

  /** How far the record's time is from the first one's. */
  function timeDelta(timestamp: number | undefined): number {
    if (count === 0) {
      first = timestamp;
      latest = timestamp ?? 0;
      return 0;
    }
    if (timestamp === undefined || first === undefined) {
      throw new RangeError("records with and without a timestamp of their own in one batch");
    }
    latest = Math.max(latest, timestamp);
    return timestamp - first;
  }

  const times = (): BatchTimes | undefined => (first === undefined ? undefined : { first, latest });

  function reserve(more: number): void {
    if (end + more <= bytes.length) return;
    if (end + more > bytesMax) {
      throw new WireError("too-large", `a batch of over ${bytesMax} bytes is never sent`);
    }
    capacity = Math.min(Math.max(2 * bytes.length, end + more), bytesMax);
    const grown = Buffer.allocUnsafeSlow(capacity);
    bytes.copy(grown, 0, 0, end);
    bytes = grown;
    view = viewOf(bytes);
  }

  function append(
    key: Uint8Array | null,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array | null,
    valueStart: number,
    valueEnd: number,
    headers: readonly RecordHeader[] = [],
    timestamp?: number,
  ): void {
    const delta = timestamp === undefined && first === undefined ? 0 : timeDelta(timestamp);
    const keyLength = key === null ? -1 : keyEnd - keyStart;
    const valueLength = value === null ? -1 : valueEnd - valueStart;
    const encoded = headers.length === 0 ? noHeaders : encodeHeaders(headers);
    // Attributes are one zero byte, as is the timestamp delta of nearly every record.
    const length =
      2 +
      (delta === 0 ? 0 : moreOfVarlong(delta)) +
      varintSize(count) +
      varintSize(keyLength) +
      Math.max(keyLength, 0) +
      varintSize(valueLength) +
      Math.max(valueLength, 0) +
      encoded.length;
    reserve(varintSize(length) + length);
    let at = writeVarint(bytes, end, length);
    bytes[at] = 0;
    bytes[at + 1] = 0;
    at = writeVarint(bytes, delta === 0 ? at + 2 : writeVarlong(bytes, at + 1, delta), count);
    at = writeVarint(bytes, at, keyLength);
    if (key !== null) at = keys.copy(key, keyStart, keyEnd, bytes, view, at);
    at = writeVarint(bytes, at, valueLength);
    if (value !== null) at = values.copy(value, valueStart, valueEnd, bytes, view, at);
    end = copy(encoded, 0, encoded.length, bytes, at);
    count += 1;
  }

  function reset(): void {
    end = layout.records;
    count = 0;
    first = undefined;
  }

  function take(): BatchDraft {
    const taken = { bytes, end, count, times: times() };
    bytes = spare.pop() ?? Buffer.allocUnsafeSlow(capacity);
    view = viewOf(bytes);
    reset();
    return taken;
  }

  return {
    get count() {
      return count;
    },
    get size() {
      return end;
    },
    append,
    draft: () => ({ bytes, end, count, times: times() }),
    reset,
    take,
    give: (buffer) => {
      if (spare.length < spareMax && buffer.length >= 2 * layout.records) spare.push(buffer);
    },
  };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Beyond this a native call costs less than the loop. */
const copiedByHandMost = 512;

/**
 * Copies from a source that is nearly always the same: four bytes at a time, the last four over what is there already.
 * Measured: a native call costs more than 64 bytes one by one, and those four times as much as this.
 */
function createCopier() {
  let from: Uint8Array = noHeaders;
  let fromView = viewOf(from);
  return {
    /** Returns where the copy ends. `view`: of `target`. */
    copy(
      source: Uint8Array,
      start: number,
      end: number,
      target: Uint8Array,
      view: DataView,
      at: number,
    ): number {
      const length = end - start;
      if (length > copiedByHandMost || length < 4) return copy(source, start, end, target, at);
      if (source !== from) {
        from = source;
        fromView = viewOf(source);
      }
      const last = length - 4;
      for (let done = 0; done < last; done += 4) {
        view.setUint32(at + done, fromView.getUint32(start + done, true), true);
      }
      view.setUint32(at + last, fromView.getUint32(start + last, true), true);
      return at + length;
    },
  };
}

/** No headers: the varint 0. */
const noHeaders = new Uint8Array(1);

function encodeHeaders(headers: readonly RecordHeader[]): Uint8Array {
  const keys = headers.map((header) => textEncoder.encode(header.key));
  let size = 5;
  for (const [index, header] of headers.entries()) {
    size += 10 + keys[index]!.length + (header.value?.length ?? 0);
  }
  const encoded = new Uint8Array(size);
  let at = writeVarint(encoded, 0, headers.length);
  for (const [index, header] of headers.entries()) {
    const key = keys[index]!;
    at = writeVarint(encoded, at, key.length);
    at = copy(key, 0, key.length, encoded, at);
    const { value } = header;
    at = writeVarint(encoded, at, value?.length ?? -1);
    if (value !== null) at = copy(value, 0, value.length, encoded, at);
  }
  return encoded.subarray(0, at);
}

/** Copies and returns where the copy ends. Short runs by hand: a native call costs more than 64 bytes do. */
function copy(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  const length = end - start;
  if (length > 64) {
    target.set(source.subarray(start, end), at);
  } else {
    for (let index = 0; index < length; index++) target[at + index] = source[start + index]!;
  }
  return at + length;
}
