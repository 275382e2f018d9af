/** Cells as the driver wants them, by the type of their column. On the job's hot path. */
import cassandra from "cassandra-driver";
import type { CellValue } from "./api.ts";
import type { CqlType, SimpleType } from "./cql-type.ts";

const { types } = cassandra;

type Encode = (value: CellValue) => unknown;

const encoders: Readonly<Partial<Record<SimpleType, Encode>>> = {
  bigint: (value) =>
    typeof value === "number" ? types.Long.fromNumber(value) : types.Long.fromString(`${value}`),
  varint: (value) => types.Integer.fromString(`${value}`),
  decimal: (value) => decimal(value as string),
  date: (value) => localDate(value as string),
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

/** Rows of a batch share few days, and parsing one costs more than the rest of the row. */
const knownDays = new Map<string, cassandra.types.LocalDate>();
const knownDaysMax = 64;

function localDate(day: string): cassandra.types.LocalDate {
  const known = knownDays.get(day);
  if (known !== undefined) return known;
  if (knownDays.size >= knownDaysMax) knownDays.clear();
  const parsed = types.LocalDate.fromString(day);
  knownDays.set(day, parsed);
  return parsed;
}
