import avro from "avsc";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  emptyRawReading,
  type Reading,
  readingFormats,
  readingSchema,
} from "../../../pipeline/contract/reading.ts";
import { readingAvroHeader } from "../../../pipeline/contract/reading-avro.ts";
import { readingWriters, readReading } from "../../../pipeline/contract/reading-codec.ts";
import { anyReading, rawOf, readingOf, sample } from "./reading-fixture.ts";

const avscType = avro.Type.forSchema(readingSchema as avro.Schema);

function encode(reading: Reading, format: "avro" | "json"): Buffer {
  const { write, maxBytes } = readingWriters[format];
  const target = Buffer.alloc(maxBytes + 3);
  const end = write(target, 3, rawOf(reading));
  expect(end).toBeLessThanOrEqual(3 + maxBytes);
  return target.subarray(3, end);
}

function decode(bytes: Uint8Array): Reading | undefined {
  const padded = Buffer.concat([Buffer.from([0xc3, 0x7b]), bytes, Buffer.from([0x00, 0x7d])]);
  const into = emptyRawReading();
  return readReading(padded, 2, 2 + bytes.length, into) ? readingOf(into) : undefined;
}

test.each(readingFormats)("what is written in %s is read back", (format) => {
  fc.assert(
    fc.property(anyReading, (reading) => {
      expect(decode(encode(reading, format))).toEqual(reading);
    }),
  );
});

test("the header is the marker and the fingerprint of the schema's parsing canonical form", () => {
  const fingerprint = crc64Avro(Buffer.from(canonicalForm(readingSchema)));
  expect(Buffer.from(readingAvroHeader).toString("hex")).toBe(`c301${fingerprint}`);
});

test("avsc reads what is written here, and writes what is read here", () => {
  fc.assert(
    fc.property(anyReading, (reading) => {
      // avsc rounds longs beyond 2^52; event times never come near.
      fc.pre(Math.abs(reading.at) < 2 ** 52);
      const bytes = encode(reading, "avro");
      expect(avscType.toBuffer(reading)).toEqual(Buffer.from(bytes.subarray(10)));
      const theirs: unknown = avscType.fromBuffer(bytes.subarray(10));
      expect(JSON.parse(JSON.stringify(theirs))).toEqual(reading);
      const ours = Buffer.concat([readingAvroHeader, avscType.toBuffer(reading)]);
      expect(decode(ours)).toEqual(reading);
    }),
  );
});

test("the JSON form is the contract's names in the contract's order", () => {
  expect(encode(sample, "json").toString()).toBe(JSON.stringify(sample));
  fc.assert(
    fc.property(anyReading, (reading) => {
      expect(encode(reading, "json").toString()).toBe(JSON.stringify(reading));
    }),
  );
});

test.each(readingFormats)(
  "no beginning of a reading in %s is a reading, nor one with bytes behind it",
  (format) => {
    fc.assert(
      fc.property(anyReading, fc.nat(), fc.nat(255), (reading, cut, more) => {
        const bytes = encode(reading, format);
        expect(decode(bytes.subarray(0, cut % bytes.length))).toBeUndefined();
        const space = format === "json" && [0x20, 0x09, 0x0a, 0x0d].includes(more);
        const longer = decode(Buffer.concat([bytes, Buffer.from([more])]));
        if (!space) expect(longer).toBeUndefined();
      }),
    );
  },
);

test("hostile bytes never throw, and what is accepted is a whole reading of the contract", () => {
  const header = fc.constantFrom(Buffer.from(readingAvroHeader), Buffer.from("{"), Buffer.alloc(0));
  const body = fc.uint8Array({ maxLength: 80 });
  fc.assert(
    fc.property(header, body, (start, rest) => {
      const reading = decode(Buffer.concat([start, rest]));
      if (reading === undefined) return;
      expect(decode(encode(reading, "avro"))).toEqual(reading);
    }),
    { numRuns: 2_000 },
  );
});

test("a flipped byte never throws and never reads past the end", () => {
  fc.assert(
    fc.property(anyReading, fc.nat(), fc.integer({ min: 1, max: 255 }), (reading, at, flip) => {
      const bytes = Buffer.from(encode(reading, "avro"));
      bytes[at % bytes.length]! ^= flip;
      const read = decode(bytes);
      if (read !== undefined) expect(Number.isSafeInteger(read.at)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["a length beyond the bytes", "c301916057 95f02a30c0 feffffff0f 41"],
  ["a negative length", "c30191605795f02a30c0 01 41"],
  ["an int of six bytes", "c30191605795f02a30c0 8080808080 01"],
  ["another schema's fingerprint", "c3010000000000000000 00"],
  ["nothing behind the header", "c30191605795f02a30c0"],
])("%s is no reading", (_, hex) => {
  expect(decode(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toBeUndefined();
});

test.each([
  ["a missing field", { ...sample, seq: undefined }],
  ["a model of another make", { ...sample, device: { ...sample.device, model: "XYZ" } }],
  ["a fraction of a hundredth", { ...sample, sensor: { ...sample.sensor, temperature: 19.73 } }],
  ["a negative seq", { ...sample, seq: -1 }],
  ["an event time beyond 2^53", { ...sample, at: 2 ** 60 }],
  ["a seq beyond an int", { ...sample, seq: 2 ** 31 }],
  ["a list", [sample]],
  ["a device that is null", { ...sample, device: null }],
])("JSON with %s is no reading", (_, value) => {
  expect(decode(Buffer.from(JSON.stringify(value)))).toBeUndefined();
});

test("JSON that is not UTF-8 is no reading", () => {
  const bytes = encode(sample, "json");
  bytes[bytes.indexOf("t-0000042")] = 0xff;
  expect(decode(bytes)).toBeUndefined();
});

/** Avro specification 1.12, "Transforming into Parsing Canonical Form", for the kinds of schema that we have. */
function canonicalForm(schema: unknown, namespace = ""): string {
  if (typeof schema === "string") return JSON.stringify(schema);
  const { type, name, fields, symbols, ...rest } = schema as Record<string, unknown>;
  if (type !== "record" && type !== "enum") return canonicalForm(type, namespace);
  const space = (rest["namespace"] as string | undefined) ?? namespace;
  const head = `{"name":"${space}.${name}","type":"${type}"`;
  if (type === "enum") return `${head},"symbols":${JSON.stringify(symbols)}}`;
  const list = (fields as { name: string; type: unknown }[]).map(
    (field) => `{"name":"${field.name}","type":${canonicalForm(field.type, space)}}`,
  );
  return `${head},"fields":[${list.join(",")}]}`;
}

/** CRC-64-AVRO, little-endian hex. Source: Avro specification 1.12, "Schema Fingerprints". */
function crc64Avro(bytes: Uint8Array): string {
  const empty = 0xc15d213aa4d7a795n;
  let crc = empty;
  for (const byte of bytes) {
    let entry = (crc ^ BigInt(byte)) & 0xffn;
    for (let bit = 0; bit < 8; bit++) entry = (entry >> 1n) ^ (empty & -(entry & 1n));
    crc = (crc >> 8n) ^ BigInt.asUintN(64, entry);
  }
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(crc);
  return out.toString("hex");
}
