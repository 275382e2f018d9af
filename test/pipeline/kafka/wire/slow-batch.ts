/**
 * Record batches the slow and obvious way: an object per record, a list of bytes that grows. What the hot path
 * is compared with. Nothing here is shared with it but Kafka's documentation, "Record Batch".
 */
export type PlainRecord = {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[];
};

export type PlainBatch = {
  readonly baseOffset: number;
  readonly lastOffsetDelta: number;
  readonly attributes: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly records: readonly PlainRecord[];
};

/** `pack` compresses the records; the attributes have to say so. */
export function slowEncode(batch: PlainBatch, pack = (records: Buffer): Buffer => records): Buffer {
  const records = pack(Buffer.concat(batch.records.map((record) => encodeRecord(batch, record))));
  const body = Buffer.concat([
    int(2, batch.attributes),
    int(4, batch.lastOffsetDelta),
    int(8, batch.baseTimestamp),
    int(8, batch.maxTimestamp),
    int(8, batch.producerId),
    int(2, batch.producerEpoch),
    int(4, batch.baseSequence),
    int(4, batch.records.length),
    records,
  ]);
  const crc = int(8, slowCrc32c(body)).subarray(4);
  const rest = Buffer.concat([int(4, 0), int(1, 2), crc, body]);
  return Buffer.concat([int(8, batch.baseOffset), int(4, rest.length), rest]);
}

function encodeRecord(batch: PlainBatch, record: PlainRecord): Buffer {
  const headers = record.headers.map(({ key, value }) =>
    Buffer.concat([sized(Buffer.from(key)), sized(value)]),
  );
  const body = Buffer.concat([
    int(1, 0),
    varint(record.timestamp - batch.baseTimestamp),
    varint(record.offset - batch.baseOffset),
    sized(record.key),
    sized(record.value),
    varint(headers.length),
    ...headers,
  ]);
  return Buffer.concat([varint(body.length), body]);
}

function sized(bytes: Buffer | null): Buffer {
  return bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);
}

/** Big-endian two's complement. */
function int(size: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes.subarray(8 - size);
}

/** Zigzag, in groups of seven bits, the lowest first. */
export function varint(value: number): Buffer {
  let rest = value < 0 ? BigInt(-value) * 2n - 1n : BigInt(value) * 2n;
  const bytes: number[] = [];
  while (rest >= 128n) {
    bytes.push(Number(rest % 128n) + 128);
    rest /= 128n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

/** CRC-32C bit by bit (reflected polynomial 0x82F63B78), unsigned. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
