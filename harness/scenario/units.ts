/**
 * Values as scenarios write them, with their units: `10b/day`, `100k/s`, `60s`, `2%`,
 * `2026-01-15T00:00:00Z`. A bare number is refused where a unit belongs: whether 30 means seconds
 * or minutes is nobody's guess.
 */
import { parseDuration } from "../../pipeline/contract/duration.ts";

/**
 * Either the value or what is wrong with the text, as the rest of a sentence that begins with it.
 */
export type Parsed = { readonly value: number } | { readonly fault: string };

const magnitudes = { "": 1, k: 1e3, m: 1e6, b: 1e9 } as const;
const perSeconds = { s: 1, min: 60, h: 3_600, day: 86_400 } as const;

/** Milliseconds. */
export function readDuration(value: unknown): Parsed {
  if (typeof value !== "string") return { fault: `needs a unit, for example "${value}s"` };
  const text = value.trim();
  const negative = text.startsWith("-");
  const ms = parseDuration(negative ? text.slice(1) : text);
  if (ms === undefined) return { fault: "is no duration: write 200ms, 30s, 5m, 1h or 7d" };
  if (negative) return { fault: "must not be negative" };
  return { value: ms };
}

/** Readings per second; `b` is 10^9, as in "ten billion a day". */
export function readRate(value: unknown): Parsed {
  const hint = "write 10b/day, 100k/s, 6m/h or 115741/s";
  if (typeof value !== "string") return { fault: `needs a unit: ${hint}` };
  const match = /^(-?\d+(?:\.\d+)?)\s*([kmb]?)\/(s|min|h|day)$/i.exec(value.trim());
  if (match === null) return { fault: `is no rate: ${hint}` };
  const magnitude = magnitudes[(match[2] ?? "").toLowerCase() as keyof typeof magnitudes];
  const seconds = perSeconds[(match[3] ?? "s").toLowerCase() as keyof typeof perSeconds];
  const perSecond = (Number(match[1]) * magnitude) / seconds;
  return perSecond > 0 ? { value: perSecond } : { fault: "must be more than 0" };
}

/** Fraction 0..1. */
export function readShare(value: unknown): Parsed {
  if (typeof value !== "string") return { fault: "needs a unit: write 2% or 0.5%" };
  const match = /^(-?\d+(?:\.\d+)?)\s*%$/.exec(value.trim());
  if (match === null) return { fault: "is no share: write 2% or 0.5%" };
  // Times a negative power of ten would leave 0.2 % at 0.0020000000000000002; a division does not.
  const share = Number(match[1]) / 100;
  return share >= 0 && share <= 1 ? { value: share } : { fault: "must lie between 0% and 100%" };
}

const byteUnits = { B: 1, KiB: 1_024, MiB: 1_048_576 } as const;

/** Bytes per second. */
export function readBytesPerSecond(value: unknown): Parsed {
  const example = "write 100KiB/s or 2MiB/s";
  if (typeof value !== "string") return { fault: `needs a unit: ${example}` };
  const match = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB)\/s$/.exec(value.trim());
  if (match === null) return { fault: `is no bandwidth: ${example}` };
  const bytes = Number(match[1]) * byteUnits[match[2] as keyof typeof byteUnits];
  return bytes > 0 ? { value: bytes } : { fault: "must be more than 0" };
}

/** The shortest text that reads back as the same bandwidth. */
export function printBytesPerSecond(bytes: number): string {
  const unit = bytes % byteUnits.MiB === 0 ? "MiB" : bytes % byteUnits.KiB === 0 ? "KiB" : "B";
  return `${bytes / byteUnits[unit]}${unit}/s`;
}

/** Epoch milliseconds of an ISO 8601 instant with its zone. */
export function readInstant(value: unknown): Parsed {
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
  const ms = typeof value === "string" && pattern.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) {
    return { fault: "is no instant with a zone: write 2026-01-15T00:00:00Z" };
  }
  return ms >= 0 ? { value: ms } : { fault: "must not lie before 1970" };
}

/** The shortest text that reads back as the same duration. */
export function printDuration(ms: number): string {
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1_000],
  ] as const;
  for (const [unit, size] of units) if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  return ms === 0 ? "0s" : `${ms}ms`;
}

export function printShare(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
}
