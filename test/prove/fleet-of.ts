/**
 * A fleet that sends so many readings: the shape of `ten-billion-a-day`, with fewer devices for
 * longer.
 */
import type { PlanOptions } from "../../simulator/plan.ts";

/**
 * A device of a short pass sends so many: three windows of ten minutes and a little more, at one
 * every 10 s.
 */
const readingsLeast = 200;
const devicesMost = 100_000;
const devicesLeast = 100;

/** That of the sample scenarios. */
export const usualMix: PlanOptions["mix"] = {
  outOfOrder: 0.02,
  revising: 0.002,
  late: 0.001,
  duplicated: 0.005,
  malformed: 0.000_01,
  missing: 0.001,
};

export type Fleet = {
  readonly plan: PlanOptions;
  /** The aggregator's setting: twice what a window can hold. */
  readonly span: number;
};

/**
 * About `readings`; the mix adds and takes away some. `everyMs`: between two readings of a device.
 */
export function fleetOf(readings: number, everyMs: number, seed: number): Fleet {
  const most = Math.min(devicesMost, Math.floor((readings * everyMs) / (readingsLeast * 10_000)));
  const devices = Math.max(devicesLeast, most);
  const window = {
    sizeMs: 600_000,
    graceMs: 30_000,
    retentionMs: 600_000,
    aheadMs: 3_600_000,
    quorum: 3,
  };
  const plan: PlanOptions = {
    seed,
    devices,
    everyMs,
    startAt: Date.UTC(2026, 0, 15, 0, 4, 30),
    loadMs: Math.ceil((readings / devices) * everyMs),
    partitions: 8,
    format: "avro",
    window,
    mix: usualMix,
  };
  return { plan, span: 2 ** Math.ceil(Math.log2((2 * window.sizeMs) / everyMs)) };
}
