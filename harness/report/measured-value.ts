/** A measured value as people read it, in the unit of its metric. */
import { grouped, shareText, shortMs } from "./terminal-text.ts";

export function measuredValue(metric: string, value: number | null): string {
  if (value === null) return "not measured";
  if (metric === "heldRate") return shareText(value);
  return /Ms\b/.test(metric) ? shortMs(value) : grouped(value);
}
