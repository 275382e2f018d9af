/**
 * Cells as the driver wants them, by the type of their column. On the job's hot path: the types
 * that most cells are of become their bytes here, which the driver passes on as they are. It would
 * make an object of its own of a number or a day, and bytes of that; and of a column whose value is
 * the one of the row before (window, day, model, count) again.
 */
import cassandra from "cassandra-driver";
import type { CellValue } from "./api.ts";
import type { CqlType, SimpleType } from "./cql-type.ts";

const { types } = cassandra;

type Encode = (value: CellValue) => unknown;

const text: Encode = (value) => Buffer.from(value as string);

const encoders: Readonly<Partial<Record<SimpleType, Encode>>> = {
  text,
  varchar: text,
  ascii: text,
  int: (value) => int(value as number),
  double: (value) => double(value as number),
  timestamp: (value) => bigint(value as number),
  bigint: (value) =>
    typeof value === "number" ? bigint(value) : types.Long.fromString(`${value}`),
  varint: (value) => types.Integer.fromString(`${value}`),
  decimal: (value) => decimal(value as string),
  date: (value) => date(value as string),
  time: (value) => types.LocalTime.fromString(value as string),
  uuid: (value) => types.Uuid.fromString(value as string),
  timeuuid: (value) => types.Uuid.fromString(value as string),
  inet: (value) => types.InetAddress.fromString(value as string),
  blob: (value) => Buffer.from(value as string, "base64"),
};

/**
 * The client must be told to take a `Map` for a map: names of an object's properties would all be
 * text.
 */
export function compileEncoder(type: CqlType): Encode {
  switch (type.kind) {
    case "simple":
      return encoders[type.name] ?? ((value) => value);
    case "list":
    case "set": {
      const of = compileEncoder(type.of);
      return (items) => (items as readonly CellValue[]).map(of);
    }
    case "tuple": {
      const of = type.of.map(compileEncoder);
      const all = (items: readonly CellValue[]) => items.map((item, at) => of[at]!(item));
      return (items) => types.Tuple.fromArray(all(items as readonly CellValue[]));
    }
    case "map": {
      const key = compileEncoder(type.key);
      const value = compileEncoder(type.value);
      return (pairs) => {
        const entries = pairs as readonly (readonly [CellValue, CellValue])[];
        return new Map(entries.map(([name, held]) => [key(name), value(held)]));
      };
    }
  }
}

/**
 * `-12.30e2` is -1230, and no digits after the point: on the wire, digits after the point and all
 * digits.
 */
function decimal(text: string): Buffer {
  const [digits = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = digits.replace("+", "").split(".");
  const scale = Buffer.alloc(4);
  scale.writeInt32BE(fraction.length - Number(exponent));
  return Buffer.concat([scale, types.Integer.toBuffer(types.Integer.fromString(whole + fraction))]);
}

const twoTo32 = 2 ** 32;

/** A safe integer as its 64 bits. */
export function bigint(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeInt32BE(Math.floor(value / twoTo32), 0);
  bytes.writeInt32BE(value | 0, 4); // modulo 2^32
  return bytes;
}

const dayMs = 86_400_000;

/** Days since 1970, counted from the middle of 32 bits. */
function date(day: string): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(Date.parse(day) / dayMs + 2 ** 31, 0);
  return bytes;
}

function int(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value, 0);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value, 0);
  return bytes;
}

/** What `encode` makes of a column's cells; of the same value as before, what it made then. */
export function remembering<Value>(encode: (value: Value) => unknown): (value: Value) => unknown {
  let last: Value | undefined;
  let encoded: unknown;
  return (value) => {
    if (value !== last || value === 0) {
      // 0 and -0 are equal, their bytes are not
      encoded = encode(value);
      last = value;
    }
    return encoded;
  };
}
