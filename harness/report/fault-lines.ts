/** What was done to the run and how it took it, a line each: faults, and the bursts of closing windows. */
import type { FaultSummary, Summary } from "./summary-json.ts";
import { grouped, harmless, shortMs } from "./terminal-text.ts";

export function faultLines({ faults }: Pick<Summary, "faults">): string[] {
  return faults.map((fault) => {
    const mark = fault.effect === null ? "✗" : "✓";
    return `${mark} ${faultText(fault)}: ${effectText(fault)}`;
  });
}

/** A fault that was over when records flowed again has no length of its own. */
const sameEndMs = 250;

/** `pause aggregator-0 at 14 s for 12 s`. */
export function faultText({ kind, target, atMs, untilMs, recoveredMs }: FaultSummary): string {
  const lasted = untilMs === null ? 0 : untilMs - atMs;
  const told = lasted >= 1_000 && Math.abs(lasted - (recoveredMs ?? 0)) > sameEndMs;
  return `${kind} ${target} at ${shortMs(atMs)}${told ? ` for ${shortMs(lasted)}` : ""}`;
}

export function effectText({ effect, recoveredMs }: FaultSummary): string {
  const recovery = recoveredMs === null ? "" : `, flowing again after ${shortMs(recoveredMs)}`;
  return `${effect === null ? "left no trace" : harmless(effect)}${recovery}`;
}

/** By stage: how many bursts it absorbed, and the slowest of them. */
export function burstLines({ bursts }: Pick<Summary, "bursts">): string[] {
  return burstStages(bursts).map((stage) => {
    const took = bursts.flatMap(({ absorbedMs }) => absorbedMs[stage] ?? []);
    const open = bursts.filter(({ absorbedMs }) => absorbedMs[stage] === null).length;
    const slowest = took.length === 0 ? "" : `, the slowest in ${shortMs(Math.max(...took))}`;
    const left = open === 0 ? "" : `; ${grouped(open)} not before the next boundary`;
    return `${stage}: ${grouped(took.length)} of ${grouped(took.length + open)} absorbed${slowest}${left}`;
  });
}

export function burstStages(bursts: Summary["bursts"]): readonly string[] {
  return [...new Set(bursts.flatMap(({ absorbedMs }) => Object.keys(absorbedMs)))];
}
