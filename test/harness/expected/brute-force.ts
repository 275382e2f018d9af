/** The contract's rules with JS Maps and lists, nothing remembered that could be looked up: for comparison. */

import {
  contributionHi,
  contributionLo,
  deviceHash,
} from "../../../harness/expected/contributor.ts";
import { keyPartition } from "../../../harness/expected/key-partition.ts";
import { digestText } from "../../../harness/facts/digest-text.ts";
import { emptyRawReading } from "../../../pipeline/contract/reading.ts";
import { readReading } from "../../../pipeline/contract/reading-codec.ts";
import type { PlanOptions } from "../../../simulator/plan.ts";

export type RawRecord = { readonly key: Uint8Array | null; readonly value: Uint8Array | null };
type ModelReading = { readonly boot: number; readonly seq: number; readonly t: number };
export type ModelWindow = {
  readonly device: string;
  readonly home: string;
  readonly model: number;
  readonly start: number;
  readonly accepted: ModelReading[];
  firstDue: number;
};

export type Model = {
  readonly decisions: string[];
  readonly windows: Map<string, ModelWindow>;
  readonly streamTime: () => number | undefined;
  readonly fold: (record: RawRecord) => string;
};

export function bruteForce(options: PlanOptions, partition: number, span: number): Model {
  const { sizeMs, graceMs, retentionMs, aheadMs, quorum } = options.window;
  const highest = new Map<string, number>();
  const windows = new Map<string, ModelWindow>();
  const notDue = new Set<ModelWindow>();
  const decisions: string[] = [];
  let readings = 0;
  let time: number | undefined;

  function decide({ key, value }: RawRecord): string {
    const reading = emptyRawReading();
    if (value === null || !readReading(value, 0, value.length, reading)) return "malformed";
    const id = Buffer.from(reading.idBytes.subarray(reading.idStart, reading.idEnd));
    if (key === null || Buffer.compare(key, id) !== 0) return "wrong-partition";
    if (keyPartition(id, options.partitions) !== partition) return "wrong-partition";
    const device = id.toString();
    const before = time;
    readings += 1;
    highest.set(device, Math.max(highest.get(device) ?? -Infinity, reading.at));
    const ranks = [...highest.values()].sort((a, b) => b - a).slice(0, quorum);
    if (ranks.length === quorum || readings >= 1000)
      time = Math.max(time ?? -Infinity, ranks.at(-1)!);
    const start = Math.floor(reading.at / sizeMs) * sizeMs;
    const { boot, seq, temperature: t } = reading;
    if (before !== undefined && reading.at > before + aheadMs) return "future";
    if (before !== undefined && before >= start + sizeMs + retentionMs) return "late";
    const home = Buffer.from(reading.homeBytes.subarray(reading.homeStart, reading.homeEnd));
    const name = `${device}/${start}`;
    const empty = { device, home: home.toString(), model: reading.model, start, firstDue: 0 };
    const window = windows.get(name) ?? { ...empty, accepted: [] };
    if (!windows.has(name)) notDue.add(window);
    windows.set(name, window);
    const ofBoot = window.accepted.filter((each) => each.boot === boot);
    if (ofBoot.some((each) => each.seq === seq)) return "duplicate";
    const first = ofBoot[0]?.seq ?? seq;
    const outside = (s: number): boolean => s < first - span / 2 || s >= first + span / 2;
    if (outside(seq) && ofBoot.filter((each) => outside(each.seq)).length >= 16) return "span";
    window.accepted.push({ boot, seq, t });
    return "accepted";
  }

  function fold(record: RawRecord): string {
    const decision = decide(record);
    decisions.push(decision);
    for (const window of notDue) {
      if (time === undefined || time < window.start + sizeMs + graceMs) continue;
      window.firstDue = window.accepted.length;
      notDue.delete(window);
    }
    return decision;
  }

  return { decisions, windows, streamTime: () => time, fold };
}

/** The fold of the first k accepted readings. */
export function foldOf(window: ModelWindow, k: number) {
  const members = window.accepted.slice(0, k);
  const temperatures = members.map((each) => each.t);
  const base = deviceHash(Buffer.from(window.device), [0, 0]);
  let [hi, lo] = [0, 0];
  for (const { boot, seq } of members) {
    hi = (hi + contributionHi(base.hi, boot, seq)) >>> 0;
    lo = (lo + contributionLo(base.lo, boot, seq)) >>> 0;
  }
  return {
    count: members.length,
    min: Math.min(...temperatures),
    max: Math.max(...temperatures),
    sum: temperatures.reduce((a, b) => a + b, 0),
    digest: digestText(hi, lo),
  };
}
