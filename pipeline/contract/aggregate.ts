/** The record of one device and one window in `temperatures.aggregated`: names, order and number forms to the letter. */
import type { Model } from "./reading.ts";

export type Aggregate = {
  readonly device: { readonly id: string; readonly home: string; readonly model: Model };
  readonly window: {
    /** Epoch milliseconds, inclusive. */
    readonly start: number;
    /** Epoch milliseconds, exclusive. */
    readonly end: number;
    /** UTC day of `start`, yyyy-MM-dd. */
    readonly day: string;
  };
  /** Distinct readings in the window; equal to `revision`. */
  readonly count: number;
  readonly temperature: {
    /** Degrees Celsius: hundredths ÷ 100, as are `max` and `mean`. */
    readonly min: number;
    readonly max: number;
    /** sum ÷ count ÷ 100, unrounded. */
    readonly mean: number;
    /** Exact integer, hundredths of a degree. */
    readonly sum: number;
  };
  readonly revision: number;
  /** window.end × 1000 + revision: orders the revisions of a window and the windows of a document. */
  readonly version: number;
  /** Contributor digest: 16 lower-case hex digits. */
  readonly digest: string;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export function encodeAggregate(aggregate: Aggregate): Uint8Array {
  const { device, window, temperature } = aggregate;
  // Spelled out rather than one JSON.stringify of the object: the order of names is part of the contract.
  return encoder.encode(
    `{"device":{"id":${JSON.stringify(device.id)},"home":${JSON.stringify(device.home)},` +
      `"model":"${device.model}"},"window":{"start":${window.start},"end":${window.end},` +
      `"day":"${window.day}"},"count":${aggregate.count},"temperature":{"min":${temperature.min},` +
      `"max":${temperature.max},"mean":${temperature.mean},"sum":${temperature.sum}},` +
      `"revision":${aggregate.revision},"version":${aggregate.version},` +
      `"digest":"${aggregate.digest}"}`,
  );
}

/** The aggregate in `bytes`, or undefined when they are none. Extra fields are kept out, not refused. */
export function decodeAggregate(bytes: Uint8Array): Aggregate | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined; // Bytes that are no aggregate are an expected outcome, judged by the caller.
  }
  return isAggregate(value) ? value : undefined;
}

function isAggregate(value: unknown): value is Aggregate {
  const a = value as Aggregate | null | undefined;
  return (
    typeof a?.device?.id === "string" &&
    typeof a.device.home === "string" &&
    typeof a.device.model === "string" &&
    Number.isSafeInteger(a.window?.start) &&
    Number.isSafeInteger(a.window.end) &&
    typeof a.window.day === "string" &&
    Number.isSafeInteger(a.count) &&
    Number.isFinite(a.temperature?.min) &&
    Number.isFinite(a.temperature.max) &&
    Number.isFinite(a.temperature.mean) &&
    Number.isSafeInteger(a.temperature.sum) &&
    Number.isSafeInteger(a.revision) &&
    Number.isSafeInteger(a.version) &&
    typeof a.digest === "string"
  );
}
