/**
 * An aggregate that never was, of a device of the run and its first window, and newer than anything the aggregator makes
 * of it: a store that is given one keeps it, and shows that somebody read what he must not.
 */
import type { Aggregate } from "../../pipeline/contract/aggregate.ts";
import type { Plan } from "../../simulator/plan.ts";

/** No window has so many readings of one device. */
const revision = 999;

export function phantomAggregate({ deviceId, options }: Plan, device: number): Aggregate {
  const { startAt, window } = options;
  const start = startAt - (startAt % window.sizeMs);
  const end = start + window.sizeMs;
  return {
    device: { id: deviceId(device), home: "h-phantom", model: "TRV1" },
    window: { start, end, day: new Date(start).toISOString().slice(0, 10) },
    count: revision,
    temperature: { min: 1, max: 1, mean: 1, sum: 100 * revision },
    revision,
    version: end * 1_000 + revision,
    digest: "0".repeat(16),
  };
}
