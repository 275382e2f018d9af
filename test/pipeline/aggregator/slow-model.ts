/**
 * The contract's rules once more, slow and obvious: objects, maps and sorting. What the fold must agree with.
 * One partition, keys always right.
 */

import type { WindowConfig } from "../../../pipeline/aggregator/config.ts";
import type { Aggregate } from "../../../pipeline/contract/aggregate.ts";
import type { TestReading } from "./raw-records.ts";

type Seen = { readonly base: number; readonly inside: Set<number>; readonly outside: Set<number> };

type Window = {
  readonly device: string;
  readonly start: number;
  readonly boots: Map<number, Seen>;
  readonly accepted: TestReading[];
  emittedCount: number;
};

export function createSlowModel(config: WindowConfig) {
  const { size, grace, retention, ahead, quorum, span } = config;
  const windows: Window[] = [];
  const closed = new Set<number>();
  const highest = new Map<string, number>();
  let readings = 0;
  let streamTime: number | undefined;

  function take(reading: TestReading): string {
    const before = streamTime;
    readings++;
    highest.set(reading.device, Math.max(highest.get(reading.device) ?? -Infinity, reading.at));
    if (highest.size >= quorum || readings >= 1000) {
      const leaders = [...highest.values()].sort((a, b) => b - a).slice(0, quorum);
      streamTime = Math.max(streamTime ?? -Infinity, Math.min(...leaders));
    }
    if (before !== undefined && reading.at > before + ahead) return "future";
    const start = Math.floor(reading.at / size) * size;
    if (before !== undefined && before >= start + size + retention) return "late";
    let window = windows.find((w) => w.device === reading.device && w.start === start);
    const seen = window?.boots.get(reading.boot ?? 0);
    if (seen !== undefined) {
      const inside = reading.seq >= seen.base && reading.seq < seen.base + span;
      const set = inside ? seen.inside : seen.outside;
      if (set.has(reading.seq)) return "duplicate";
      if (!inside && set.size === 16) return "span";
      set.add(reading.seq);
    }
    if (window === undefined) {
      const { device } = reading;
      window = { device, start, boots: new Map(), accepted: [], emittedCount: 0 };
      windows.push(window);
    }
    if (seen === undefined) {
      const base = reading.seq - span / 2;
      const first = { base, inside: new Set([reading.seq]), outside: new Set<number>() };
      window.boots.set(reading.boot ?? 0, first);
    }
    window.accepted.push(reading);
    return "folded";
  }

  /** Aggregates that are due after a batch, in any order. */
  function settle(): Aggregate[] {
    if (streamTime === undefined) return [];
    const emitted: Aggregate[] = [];
    for (const window of windows) {
      const end = window.start + size;
      if (streamTime >= end + grace) closed.add(window.start);
      if (!closed.has(window.start) || window.emittedCount === window.accepted.length) continue;
      window.emittedCount = window.accepted.length;
      emitted.push(aggregateOf(window.accepted, window.start, end));
    }
    for (let i = windows.length - 1; i >= 0; i--) {
      if (streamTime >= windows[i]!.start + size + retention) windows.splice(i, 1);
    }
    return emitted;
  }

  return { take, settle, streamTime: () => streamTime };
}

function aggregateOf(accepted: readonly TestReading[], start: number, end: number): Aggregate {
  const temperatures = accepted.map((reading) => reading.temperature ?? 2000);
  const sum = temperatures.reduce((a, b) => a + b, 0);
  const last = accepted[accepted.length - 1]!;
  return {
    device: { id: last.device, home: last.home ?? `h-${last.device}`, model: last.model ?? "SLR2" },
    window: { start, end, day: new Date(start).toISOString().slice(0, 10) },
    count: accepted.length,
    temperature: {
      min: Math.min(...temperatures) / 100,
      max: Math.max(...temperatures) / 100,
      mean: sum / accepted.length / 100,
      sum,
    },
    revision: accepted.length,
    version: end * 1000 + accepted.length,
    digest: slowDigest(accepted),
  };
}

const word = 2n ** 32n;

/** With keys 0. In big integers, so that no shift or wrap is shared with the fast one. */
function slowDigest(accepted: readonly TestReading[]): string {
  let hi = 0n;
  let lo = 0n;
  for (const { device, boot = 0, seq } of accepted) {
    const id = [...Buffer.from(device)].map(BigInt);
    const [b, s] = [BigInt(boot) + 1n, BigInt(seq) + 1n];
    lo += mix(murmur(id, 0n) ^ ((b * 0x9e3779b1n) % word) ^ ((s * 0x85ebca77n) % word));
    hi += mix(murmur(id, 0xc2b2ae3dn) ^ ((b * 0x27d4eb2fn) % word) ^ ((s * 0x165667b1n) % word));
  }
  return hex(hi) + hex(lo);
}

function hex(value: bigint): string {
  return (value % word).toString(16).padStart(8, "0");
}

function murmur(bytes: readonly bigint[], seed: bigint): bigint {
  let h = seed;
  const whole = bytes.length - (bytes.length % 4);
  for (let i = 0; i < whole; i += 4) {
    h ^= scramble(little(bytes.slice(i, i + 4)));
    h = (rotate(h, 13n) * 5n + 0xe6546b64n) % word;
  }
  if (whole < bytes.length) h ^= scramble(little(bytes.slice(whole)));
  return mix(h ^ BigInt(bytes.length));
}

function little(bytes: readonly bigint[]): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + byte, 0n);
}

function scramble(k: bigint): bigint {
  return (rotate((k * 0xcc9e2d51n) % word, 15n) * 0x1b873593n) % word;
}

function rotate(value: bigint, by: bigint): bigint {
  return ((value * 2n ** by) % word) | (value / 2n ** (32n - by));
}

function mix(value: bigint): bigint {
  let h = value;
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) % word;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) % word;
  return h ^ (h >> 16n);
}
