import { createRequire } from "node:module";
import {
  createRecordsBatch,
  Reader,
  readRecordsBatch,
  murmur2 as theirMurmur2,
} from "@platformatic/kafka";
import fc from "fast-check";
import { Partitioners } from "kafkajs";
import { expect, test } from "vitest";
import { murmur2, partitionOf } from "../../../../pipeline/kafka/wire/murmur2.ts";
import { hotDecode, hotEncode, plainBatches } from "./batch-samples.ts";

// kafkajs publishes its codec as files only, without types: what is used of it is declared here.
const require = createRequire(import.meta.url);
const protocol = "kafkajs/src/protocol";
const KafkajsDecoder: new (bytes: Buffer) => unknown = require(`${protocol}/decoder`);
const decodeBatch: (decoder: unknown) => Promise<KafkajsBatch> = require(
  `${protocol}/recordBatch/v0/decoder`,
);
const encodeRecord: (record: KafkajsRecord) => unknown = require(
  `${protocol}/recordBatch/record/v0`,
);
const { RecordBatch } = require(`${protocol}/recordBatch/v0`) as {
  RecordBatch: (batch: Record<string, unknown>) => Promise<{ buffer: Buffer }>;
};

type KafkajsHeaders = Readonly<Record<string, Buffer | Buffer[]>>;
type KafkajsRecord = {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: KafkajsHeaders;
};
type KafkajsBatch = {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly lastOffsetDelta: number;
  readonly inTransaction: boolean;
  readonly records: readonly KafkajsRecord[];
};

/** kafkajs keeps headers in a plain object, which cannot hold this name. */
const unholdable = "__proto__";
const filled = plainBatches.filter(
  ({ records }) =>
    records.length > 0 &&
    records.every(({ headers }) => headers.every(({ key }) => key !== unholdable)),
);

test("kafkajs decodes what the writer wrote", async () => {
  await fc.assert(
    fc.asyncProperty(filled, async (batch) => {
      const theirs = await decodeBatch(new KafkajsDecoder(hotEncode(batch)));
      expect(theirs).toMatchObject({
        producerId: String(batch.producerId),
        producerEpoch: batch.producerEpoch,
        firstSequence: batch.baseSequence,
        lastOffsetDelta: batch.records.length - 1,
        inTransaction: batch.attributes !== 0,
      });
      expect(theirs.records.map(({ key, value }) => ({ key, value }))).toEqual(
        batch.records.map(({ key, value }) => ({ key, value })),
      );
      for (const [index, { headers }] of batch.records.entries()) {
        const names = new Set(headers.map(({ key }) => key));
        expect(new Set(Object.keys(theirs.records[index]!.headers))).toEqual(names);
      }
    }),
    { numRuns: 50 },
  );
});

test("the reader reads what kafkajs wrote", async () => {
  await fc.assert(
    fc.asyncProperty(filled, async ({ records, ...batch }) => {
      const encoded = records.map(({ key, value }, offsetDelta) =>
        encodeRecord({ offsetDelta, timestampDelta: offsetDelta, key, value, headers: {} }),
      );
      const { buffer } = await RecordBatch({
        firstTimestamp: batch.baseTimestamp,
        maxTimestamp: batch.baseTimestamp + records.length - 1,
        lastOffsetDelta: records.length - 1,
        producerId: batch.producerId,
        producerEpoch: batch.producerEpoch,
        firstSequence: batch.baseSequence,
        transactional: batch.attributes !== 0,
        records: encoded,
      });
      const { baseTimestamp, producerId, producerEpoch, baseSequence, attributes } = batch;
      expect(hotDecode(buffer)).toEqual({
        baseOffset: 0,
        lastOffsetDelta: records.length - 1,
        attributes,
        baseTimestamp,
        maxTimestamp: baseTimestamp + records.length - 1,
        producerId,
        producerEpoch,
        baseSequence,
        records: records.map(({ key, value }, offset) => {
          return { key, value, offset, timestamp: baseTimestamp + offset, headers: [] };
        }),
      });
    }),
    { numRuns: 50 },
  );
});

test("@platformatic/kafka decodes what the writer wrote", () => {
  fc.assert(
    fc.property(filled, (batch) => {
      const theirs = readRecordsBatch(Reader.from(hotEncode(batch)));
      expect(theirs.firstSequence).toBe(batch.baseSequence);
      expect(theirs.producerId).toBe(BigInt(batch.producerId));
      const headersOf = (index: number) =>
        theirs.records[index]!.headers.map(([key, value]) => ({ key: String(key), value }));
      for (const [index, { key, value, headers }] of batch.records.entries()) {
        expect(theirs.records[index]).toMatchObject({ key, value, offsetDelta: index });
        expect(headersOf(index)).toEqual(headers);
      }
    }),
    { numRuns: 50 },
  );
});

test("the reader reads what @platformatic/kafka wrote, headers and all", () => {
  const header = Buffer.from("reason");
  const messages = ["late", "future"].map((reason) => ({
    topic: "t",
    key: Buffer.from("k"),
    value: Buffer.from(reason),
    timestamp: 1_700_000_000_000n,
    headers: new Map([[header, Buffer.from(reason)]]),
  }));
  const encoded = createRecordsBatch(messages, { producerId: 7n, producerEpoch: 1 }).buffer;
  const { producerId, records } = hotDecode(encoded);
  expect(producerId).toBe(7);
  expect(records.map((record) => String(record.value))).toEqual(["late", "future"]);
  expect(records[1]?.headers).toEqual([{ key: "reason", value: Buffer.from("future") }]);
});

test("both clients' murmur2 put a key where ours does", () => {
  const theirs = Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: 8 }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      const key = Buffer.from(bytes);
      const message = { key, value: null };
      const expected = theirs({ topic: "t", partitionMetadata, message });
      expect(partitionOf(key, 0, key.length, 8)).toBe(expected);
      expect(murmur2(key, 0, key.length)).toBe(theirMurmur2(key));
    }),
  );
});
