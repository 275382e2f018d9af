import cassandra from "cassandra-driver";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CellValue } from "../../../pipeline/sinks/cassandra/api.ts";
import { parseCqlType } from "../../../pipeline/sinks/cassandra/cql-type.ts";
import { compileEncoder, remembering } from "../../../pipeline/sinks/cassandra/driver-values.ts";

const { types } = cassandra;

function encode(type: string, value: CellValue): unknown {
  const parsed = parseCqlType(type);
  if (!parsed.ok) throw new Error(parsed.message);
  return compileEncoder(parsed.type)(value);
}

test("whole numbers of 64 bits, and times, become 8 bytes, the highest first", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt(value));
      expect(encode("bigint", value)).toEqual(bytes);
      expect(encode("timestamp", value)).toEqual(bytes);
    }),
  );
});

test.each(["1970-01-01", "1969-12-31", "2024-02-29", "0000-01-01", "9999-12-31"])(
  "the day %s becomes the bytes that the driver makes of it",
  (day) => {
    expect(encode("date", day)).toEqual(types.LocalDate.fromString(day).toBuffer());
  },
);

test("numbers and texts become their bytes, the highest first", () => {
  expect(encode("int", -2)).toEqual(Buffer.from("fffffffe", "hex"));
  expect(encode("double", 20.41)).toEqual(Buffer.from("403468f5c28f5c29", "hex"));
  expect(encode("text", "Zürich")).toEqual(Buffer.from("5ac3bc72696368", "hex"));
});

test("a value that comes again is encoded once; -0 is not 0", () => {
  const seen: number[] = [];
  const encodeOnce = remembering((value: number) => seen.push(value));
  for (const value of [1.5, 1.5, 2, 1.5, 0, -0, 0]) encodeOnce(value);
  expect(seen).toEqual([1.5, 2, 1.5, 0, -0, 0]);
});
