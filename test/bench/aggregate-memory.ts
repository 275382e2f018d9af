/**
 * What the aggregator's state takes in memory: ten million devices with one open window each, all
 * in one process.
 */
import { createPartitionState, foldFetched } from "../../pipeline/aggregator/partition-state.ts";
import { createPlan } from "../../simulator/plan.ts";
import { fleetOf } from "../prove/fleet-of.ts";
import { aliveIn, memoryNow } from "../prove/memory-now.ts";
import { createRawLog } from "../prove/raw-log.ts";
import { benchConfig } from "./bench-config.ts";
import { type BenchRow, rowOf } from "./bench-result.ts";

export type StateMemory = {
  readonly windows: number;
  /** Of the states, the columns' unused places included. */
  readonly aliveBytes: number;
  /** What the process took of the machine's memory for them. */
  readonly residentBytes: number;
  /** µs of CPU a reading, with all devices known. */
  readonly cpu: number;
};

const devices = 10_000_000;
const everyMs = 10_000;
const rounds = 3;
const slabMs = 250;
const mebibyte = 2 ** 20;

/** Must be called in a process of its own, with `--expose-gc`. Each device sends once a round. */
export function memoryOfStates(): StateMemory {
  const { plan: options } = fleetOf(1e8, everyMs, 20_180_301);
  const nothing = { outOfOrder: 0, revising: 0, late: 0, duplicated: 0, malformed: 0, missing: 0 };
  const plan = createPlan({ ...options, devices, loadMs: rounds * everyMs, mix: nothing });
  const { partitions, startAt } = plan.options;
  const log = createRawLog(plan);
  const config = benchConfig("raw");
  const before = memoryNow();
  const states = Array.from({ length: partitions }, (_, partition) =>
    createPartitionState(config, partition, partitions),
  );
  /** Returns the CPU time of the fold alone, µs. */
  const foldUntil = (eventMs: number): number => {
    let cpu = 0;
    for (const { partition, bytes } of log.until(eventMs)) {
      const state = states[partition]!;
      const offsets = { highWatermark: 0, lastStableOffset: 0, logStartOffset: 0, aborted: [] };
      const from = process.cpuUsage();
      foldFetched(state, { topic: "raw", partition, batches: bytes, ...offsets });
      const { user, system } = process.cpuUsage(from);
      cpu += user + system;
    }
    return cpu;
  };
  const folded = (): number => states.reduce((sum, { counts }) => sum + counts.folded, 0);
  let known = 0;
  let cpu = 0;
  for (let at = startAt; at < startAt + rounds * everyMs; ) {
    at += slabMs;
    const took = foldUntil(at);
    if (at <= startAt + everyMs) known = folded();
    else cpu += took;
  }
  const after = memoryNow();
  return {
    windows: states.reduce((sum, { fold }) => sum + fold.windows.size, 0),
    aliveBytes: aliveIn(after) - aliveIn(before),
    residentBytes: after.rss - before.rss,
    cpu: cpu / (folded() - known),
  };
}

export function memoryRows(memory: StateMemory): readonly BenchRow[] {
  const { windows, aliveBytes, residentBytes, cpu } = memory;
  const name = `${windows.toLocaleString("en")} devices with an open window each`;
  const row = (unit: string, value: number): BenchRow =>
    rowOf({ name, unit, better: "less", values: [value] });
  return [
    row("MiB of state", aliveBytes / mebibyte),
    row("MiB of it resident", residentBytes / mebibyte),
    row("bytes a device and window", aliveBytes / windows),
    row("µs of CPU a reading, fold alone", cpu),
  ];
}
