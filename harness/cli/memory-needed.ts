/**
 * How much memory a run needs at its height, with the reasons, and a sentence where the machine has less. An estimate: the
 * run is not refused for it, but who sees it end in the middle should have been told.
 */

import { windowsPerBucket } from "../facts/buckets.ts";

export type MemoryLoad = {
  readonly devices: number;
  /** Devices × windows of the whole run. */
  readonly windows: number;
  /** Windows of one device that the aggregator holds at a time: the present one, and those within retention. */
  readonly openWindows: number;
  readonly partitions: number;
  readonly workers: number;
  /** Processes of all persisting jobs. */
  readonly jobs: number;
  /** Whether the servers are this run's own; a kept stack's have their memory already. */
  readonly ownServers: boolean;
};

export type MemoryNeed = {
  readonly bytes: number;
  readonly reasons: readonly { readonly what: string; readonly bytes: number }[];
};

/** As they stand after a run, heaps and all. */
const serversBytes = 4.1e9;
const workerBytes = 160e6;
const workerDeviceBytes = 115;
const aggregatorBytes = 200e6;
/** Columns of the window store with their room to grow, up to half of it empty. */
const openWindowBytes = 180;
const openDeviceBytes = 130;
/** Of one partition that closes: the records, their buffers, and its checkpoint as bytes. */
const closingWindowBytes = 1_200;
const jobBytes = 250e6;
/** What a job holds of a burst is bounded by its fetches. */
const jobBurstMost = 400e6;
const jobWindowBytes = 350;
const observerBytes = 300e6;
/** The ledger of each window that can still change; what is over is on file. */
const observerOpenWindowBytes = 100;
/** Whether it was seen, a bit each, and how many of its kind lie on file. */
const observerWindowBytes = 1;
const observerDeviceBytes = 100;
const harnessBytes = 250e6;
/** Ledger, topic and two stores of a bucket of windows as they are judged, and of the one before. */
const harnessWindowBytes = 900;
const harnessWindowsMost = 2 * windowsPerBucket;

export function memoryNeeded(load: MemoryLoad): MemoryNeed {
  const { devices, windows, openWindows, partitions, workers, jobs } = load;
  const open = devices * (openDeviceBytes + openWindows * openWindowBytes);
  const closing = (devices / partitions) * closingWindowBytes;
  const job = jobBytes + Math.min(jobBurstMost, devices * jobWindowBytes);
  const observedOpen = devices * (observerDeviceBytes + openWindows * observerOpenWindowBytes);
  const observed = observedOpen + windows * observerWindowBytes;
  const judged = Math.min(windows, harnessWindowsMost);
  const reasons = [
    { what: "the servers", bytes: load.ownServers ? serversBytes : 0 },
    { what: "the fleet", bytes: workers * (workerBytes + devices * workerDeviceBytes) },
    { what: "the aggregator", bytes: aggregatorBytes + open + closing },
    { what: "the persisting jobs", bytes: jobs * job },
    { what: "the observer", bytes: observerBytes + observed },
    { what: "the judgement", bytes: harnessBytes + judged * harnessWindowBytes },
  ].map(({ what, bytes }) => ({ what, bytes: Math.ceil(bytes) }));
  return { bytes: reasons.reduce((sum, { bytes }) => sum + bytes, 0), reasons };
}

/** Undefined when there is enough. `availableBytes`: `process.availableMemory()`. */
export function memoryWarning(need: MemoryNeed, availableBytes: number): string | undefined {
  if (availableBytes >= need.bytes) return undefined;
  const largest = [...need.reasons].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  const reasons = largest.map(({ what, bytes }) => `${gigabytes(bytes)} for ${what}`).join(", ");
  return (
    `The run needs about ${gigabytes(need.bytes)} of memory (${reasons}), and ${gigabytes(availableBytes)} are ` +
    "available: it may be ended in the middle; free some, or take fewer devices or a shorter load."
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
