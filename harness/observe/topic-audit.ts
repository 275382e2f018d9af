/**
 * What the aggregated and the rejected topic hold, as compact rows for the checks. Reads and notes; judges
 * nothing but what a record alone shows (its mean, its version, its day). Pure: records are pushed here.
 */
import { type Aggregate, decodeAggregate } from "../../pipeline/contract/aggregate.ts";
import { models } from "../../pipeline/contract/reading.ts";
import { emptyPlannedReading, type Plan } from "../../simulator/plan.ts";
import type { LogRecord } from "../expected/log-record.ts";
import {
  type AggregatedFault,
  type AggregatedRows,
  type AggregatedSink,
  createAggregatedRows,
  faultBit,
  keepAggregated,
} from "../facts/aggregated-rows.ts";
import { parseDigest } from "../facts/digest-text.ts";

type PushAggregated = (partition: number, record: LogRecord, producerId: number) => void;

export type AggregatedAudit = { readonly rows: AggregatedRows; readonly push: PushAggregated };

type OnFirst = (device: number, windowStart: number) => void;

/** Keeps all rows: for topics that are small beside the memory. */
export function createAggregatedAudit(plan: Plan, onFirst: OnFirst = () => {}): AggregatedAudit {
  const rows = createAggregatedRows();
  return { rows, push: createAggregatedAuditTo(plan, keepAggregated(rows), onFirst) };
}

/** `onFirst` is called when a (device, window) is seen for the first time: devices of the plan only. */
export function createAggregatedAuditTo(
  plan: Plan,
  rows: AggregatedSink,
  onFirst: OnFirst = () => {},
): PushAggregated {
  const seen = createSeenWindows(plan);
  const names = createNames(plan);

  function push(partition: number, record: LogRecord, producerId: number): void {
    const { bytes, offset, keyStart, keyEnd, valueStart, valueEnd } = record;
    const value = bytes.subarray(valueStart, Math.max(valueStart, valueEnd));
    const aggregate = valueEnd < 0 ? undefined : decodeAggregate(value);
    const key = keyEnd < 0 ? "" : textOf(bytes, keyStart, keyEnd);
    if (aggregate === undefined) {
      addUnreadable(partition, offset, key, producerId);
      return;
    }
    const id = Buffer.from(aggregate.device.id);
    const device = plan.deviceOf(id, 0, id.length);
    const start = aggregate.window.start;
    const digest = parseDigest(aggregate.digest);
    const values = {
      device,
      partition,
      offset,
      window: start,
      count: aggregate.count,
      revision: aggregate.revision,
      min: aggregate.temperature.min,
      max: aggregate.temperature.max,
      sum: aggregate.temperature.sum,
      digestHi: digest?.hi ?? 0,
      digestLo: digest?.lo ?? 0,
      faults: faultsOf(aggregate, key, device),
      producerId,
    };
    rows.add(values, device < 0 ? aggregate.device.id : undefined);
    if (device >= 0 && seen(device, start)) onFirst(device, start);
  }

  function addUnreadable(partition: number, offset: number, key: string, producerId: number): void {
    const nothing = { count: 0, revision: 0, min: 0, max: 0, sum: 0, digestHi: 0, digestLo: 0 };
    const place = { device: -1, partition, offset, window: Number.NaN };
    rows.add({ ...nothing, ...place, faults: faultBit("unreadable"), producerId }, key);
  }

  function faultsOf(aggregate: Aggregate, key: string, device: number): number {
    const { window, temperature, count, revision } = aggregate;
    let faults = 0;
    const demand = (holds: boolean, fault: AggregatedFault): void => {
      if (!holds) faults |= faultBit(fault);
    };
    demand(key === aggregate.device.id, "key");
    demand(device < 0 || names(device, aggregate.device), "names");
    demand(window.end === window.start + plan.options.window.sizeMs, "window.end");
    demand(window.day === utcDay(window.start), "window.day");
    demand(temperature.mean === temperature.sum / count / 100, "mean");
    demand(aggregate.version === window.end * 1000 + revision, "version");
    demand(parseDigest(aggregate.digest) !== undefined, "digest");
    return faults;
  }

  return push;
}

/** Whether home and model are the device's own. They never change, so any reading of the plan has them. */
function createNames(plan: Plan): (device: number, published: Aggregate["device"]) => boolean {
  const reading = emptyPlannedReading();
  return (device, published) => {
    plan.fillAt(device, 0, plan.options.startAt, reading);
    const home = textOf(reading.homeBytes, reading.homeStart, reading.homeEnd);
    return published.home === home && published.model === models[reading.model];
  };
}

/** True for the first question about a (device, window): a bit each for those that the load should have. */
function createSeenWindows(plan: Plan): (device: number, windowStart: number) => boolean {
  const { startAt, loadMs, window } = plan.options;
  const first = Math.floor(startAt / window.sizeMs);
  const many = Math.floor((startAt + loadMs) / window.sizeMs) - first + 1;
  const bits = new Uint8Array(Math.ceil((plan.fleetDevices * many) / 8));
  const others = new Set<string>();
  return (device, windowStart) => {
    const nth = windowStart / window.sizeMs - first;
    const isPlanned = device < plan.fleetDevices && Number.isInteger(nth) && nth >= 0 && nth < many;
    if (!isPlanned) {
      const key = `${device}/${windowStart}`;
      return !others.has(key) && others.add(key).size > 0;
    }
    const place = device * many + nth;
    const [at, bit] = [Math.floor(place / 8), 1 << (place % 8)];
    if ((bits[at]! & bit) !== 0) return false;
    bits[at]! |= bit;
    return true;
  };
}

function utcDay(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}
