/**
 * Which JSON values fit a column of a simple type, and the one form each has as a cell. Pure. A
 * value is never bent: what a column would round, cut or wrap does not fit. The exception is
 * `float`, which rounds whatever has a fraction.
 */
import { isIP } from "node:net";
import type { CellValue } from "./api.ts";
import type { SimpleType } from "./cql-type.ts";

/** Undefined: it does not fit. */
export type ReadCell = (value: unknown) => CellValue | undefined;

type SimpleCell = {
  /** What fits, for the sentence about what does not. */
  readonly takes: string;
  readonly read: ReadCell;
};

/** A number of more digits is a mistake or an attack. */
const maxDigits = 4_096;

/**
 * Milliseconds that JavaScript's dates reach on either side of 1970; Cassandra's own range is
 * wider.
 */
const maxEpochMs = 8.64e15;

const day = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const minute = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const date = new RegExp(`^${day}$`);
const time = new RegExp(String.raw`^${minute}:[0-5]\d(?:\.\d{1,9})?$`);
/** Of the fraction, milliseconds: more would be cut. */
const instant = new RegExp(
  String.raw`^${day}T${minute}(?::[0-5]\d(?:\.\d{1,3}0*)?)?(?:Z|[+-]${minute})$`,
);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const decimal = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,4})?$/i;

const string: ReadCell = (value) => (typeof value === "string" ? value : undefined);

const textIf =
  (fits: (text: string) => boolean): ReadCell =>
  (value) =>
    typeof value === "string" && fits(value) ? value : undefined;

const wholeOf = (bits: number): SimpleCell => {
  const limit = 2 ** (bits - 1);
  return {
    takes: `whole numbers of ${bits} bits`,
    read: (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= -limit && value < limit
        ? value
        : undefined,
  };
};

export const simpleCells: Readonly<Record<SimpleType, SimpleCell>> = {
  text: { takes: "text", read: string },
  varchar: { takes: "text", read: string },
  ascii: { takes: "text of ASCII characters", read: textIf((text) => /^[\0-\x7f]*$/.test(text)) },
  boolean: {
    takes: "true and false",
    read: (value) => (typeof value === "boolean" ? value : undefined),
  },
  tinyint: wholeOf(8),
  smallint: wholeOf(16),
  int: wholeOf(32),
  bigint: {
    takes: "whole numbers of 64 bits; those beyond 2^53, which JSON numbers round, as text",
    read: (value) => readWhole(value, (whole) => BigInt.asIntN(64, whole) === whole),
  },
  varint: {
    takes: `whole numbers of up to ${maxDigits} digits; those beyond 2^53 as text`,
    read: (value) => readWhole(value, () => true),
  },
  double: {
    takes: "finite numbers",
    read: (value) => (Number.isFinite(value) ? (value as number) : undefined),
  },
  float: {
    takes: "numbers within the range of 32 bits",
    read: (value) =>
      typeof value === "number" && Number.isFinite(Math.fround(value)) ? value : undefined,
  },
  decimal: {
    takes: `numbers, and numbers as text of up to ${maxDigits} characters`,
    read: (value) => {
      const text = Number.isFinite(value) ? String(value) : value;
      if (typeof text !== "string" || text.length > maxDigits) return undefined;
      return decimal.test(text) ? text : undefined;
    },
  },
  timestamp: { takes: "epoch milliseconds, and ISO 8601 text with its zone", read: readInstant },
  date: { takes: "days as yyyy-MM-dd", read: textIf((text) => date.test(text) && isDay(text)) },
  time: { takes: "times of day as HH:mm:ss.SSSSSSSSS", read: textIf((text) => time.test(text)) },
  uuid: { takes: "UUIDs as text", read: (value) => readUuid(value, /./) },
  timeuuid: { takes: "UUIDs of version 1 as text", read: (value) => readUuid(value, /1/) },
  inet: {
    takes: "IP addresses as text",
    read: textIf((text) => isIP(text) > 0 && !text.includes("%")),
  },
  blob: {
    takes: "bytes as base64 text",
    read: textIf((text) => Buffer.from(text, "base64").toString("base64") === text),
  },
};

function readWhole(value: unknown, fits: (whole: bigint) => boolean): CellValue | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== "string" || value.length > maxDigits || !/^-?\d+$/.test(value)) {
    return undefined;
  }
  const whole = BigInt(value);
  if (!fits(whole)) return undefined;
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : String(whole);
}

function readInstant(value: unknown): CellValue | undefined {
  if (typeof value === "string") {
    return instant.test(value) && isDay(value.slice(0, 10)) ? Date.parse(value) : undefined;
  }
  return Number.isSafeInteger(value) && Math.abs(value as number) <= maxEpochMs
    ? (value as number)
    : undefined;
}

function readUuid(value: unknown, version: RegExp): CellValue | undefined {
  if (typeof value !== "string") return undefined;
  const found = uuid.exec(value)?.[1];
  return found !== undefined && version.test(found) ? value.toLowerCase() : undefined;
}

/**
 * Does this month have this day? 2026-02-30 is none. Of yyyy-MM-dd with months and days in range.
 */
function isDay(text: string): boolean {
  const dayOfMonth = Number(text.slice(8, 10));
  if (dayOfMonth <= 28) return true;
  const year = Number(text.slice(0, 4));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const month = Number(text.slice(5, 7));
  if (month === 2) return isLeap && dayOfMonth === 29;
  const isShort = month === 4 || month === 6 || month === 9 || month === 11;
  return dayOfMonth <= (isShort ? 30 : 31);
}
