import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyBatch, readBatch } from "../../../../pipeline/kafka/wire/batch-reader.ts";
import { crc32c } from "../../../../pipeline/kafka/wire/crc32c.ts";
import { WireError } from "../../../../pipeline/kafka/wire/wire-error.ts";
import { hotDecode, plainBatches, recordsOf } from "./batch-samples.ts";
import { type PlainBatch, slowEncode, varint } from "./slow-batch.ts";

test("a single changed byte behind the length is noticed", () => {
  fc.assert(
    fc.property(plainBatches, fc.nat(), fc.integer({ min: 1, max: 255 }), (batch, where, flip) => {
      const bytes = slowEncode(batch);
      // From the checksum on; what stands before it the broker itself overwrites.
      const at = 17 + (where % (bytes.length - 17));
      bytes[at]! ^= flip;
      expect(readAll(bytes)).toBeInstanceOf(WireError);
    }),
  );
});

test("bytes under a valid checksum end in a WireError or in records, never in anything else", () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
  fc.assert(
    fc.property(plainBatches, edits, (batch, changes) => {
      const bytes = slowEncode(batch);
      for (const [where, value] of changes) bytes[21 + (where % (bytes.length - 21))] = value;
      bytes.writeUInt32BE(crc32c(bytes, 21, bytes.length), 17);
      expectWireErrorOrNone(readAll(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test("any bytes at all end in a WireError, or in no whole batch", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expectWireErrorOrNone(readAll(Buffer.from(bytes)));
    }),
    { numRuns: 1_000 },
  );
});

test("a batch that was cut anywhere is no batch", () => {
  fc.assert(
    fc.property(plainBatches, fc.nat(), (batch, where) => {
      const bytes = slowEncode(batch);
      expect(readBatch(bytes.subarray(0, where % bytes.length), 0, emptyBatch())).toBe(false);
    }),
  );
});

test.each([
  ["more records than offsets", { lastOffsetDelta: 0 }],
  ["a negative last offset", { lastOffsetDelta: -1 }],
  ["a negative base offset", { baseOffset: -5 }],
])("%s is corrupt", (_what, change) => {
  expect(readAll(slowEncode({ ...twoRecords, ...change }))).toMatchObject({ code: "corrupt" });
});

test("a number that does not end is corrupt", () => {
  expect(readAll(withRecords(Buffer.alloc(100, 0xff)))).toMatchObject({ code: "corrupt" });
});

test("a record that claims more bytes than there are is corrupt", () => {
  const lying = Buffer.concat([varint(2 ** 30), Buffer.alloc(20)]);
  expect(readAll(withRecords(lying))).toMatchObject({ code: "corrupt" });
});

test("an old message format is unsupported, not corrupt", () => {
  const bytes = slowEncode(twoRecords);
  bytes[16] = 1;
  expect(readAll(bytes)).toMatchObject({ code: "unsupported" });
});

test.each([
  ["gzip", 1, gzipSync],
  ["zstd", 4, zstdCompressSync],
])("%s batches are unpacked", (_name, attributes, pack) => {
  const batch = { ...twoRecords, attributes };
  expect(hotDecode(slowEncode(batch, (records) => pack(records)))).toEqual(batch);
});

test.each([
  ["gzip", 1],
  ["zstd", 4],
])("%s batches of other bytes are corrupt", (_name, attributes) => {
  expect(readAll(slowEncode({ ...twoRecords, attributes }))).toMatchObject({ code: "corrupt" });
});

test.each([
  ["snappy", 2],
  ["lz4", 3],
])("%s batches are refused by name", (name, attributes) => {
  const error = readAll(slowEncode({ ...twoRecords, attributes }));
  expect(error).toMatchObject({ code: "unsupported", message: expect.stringContaining(name) });
});

test("a batch that unpacks to gigabytes is refused before it does", () => {
  const bomb = (): Buffer => gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 1 });
  const error = readAll(slowEncode({ ...twoRecords, attributes: 1 }, bomb));
  expect(error).toMatchObject({ code: "too-large" });
});

const twoRecords: PlainBatch = {
  baseOffset: 10,
  lastOffsetDelta: 1,
  attributes: 0,
  baseTimestamp: 5,
  maxTimestamp: 6,
  producerId: 1,
  producerEpoch: 0,
  baseSequence: 0,
  records: [10, 11].map((offset) => {
    return { offset, timestamp: 5, key: null, value: Buffer.from("v"), headers: [] };
  }),
};

function withRecords(records: Buffer): Buffer {
  return slowEncode(twoRecords, () => records);
}

/** Reads every batch and record there is; the error it ended with. */
function readAll(bytes: Buffer): unknown {
  const batch = emptyBatch();
  try {
    for (let at = 0; readBatch(bytes, at, batch); at = batch.end) recordsOf(batch);
    return undefined;
  } catch (error) {
    return error;
  }
}

function expectWireErrorOrNone(error: unknown): void {
  if (error !== undefined) expect(error).toBeInstanceOf(WireError);
}
