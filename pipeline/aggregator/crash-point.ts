/**
 * The aggregator's crash points in its loop. A crash is no error to recover from: it ends the loop as kill -9 would,
 * without abort, leave or close.
 */
import type { AggregatorPoint, CrashPort } from "../crash-points.ts";

/** What the crash point threw is the `cause`. */
export class SimulatedCrash extends Error {
  readonly code = "simulated-crash";

  constructor(name: AggregatorPoint, cause: unknown) {
    super(`crashed at ${name}`, { cause });
    this.name = "SimulatedCrash";
  }
}

/** Turns whatever `point` throws into a crash, so that no recovery takes it for a fault of the broker. */
export function createCrashPoint(
  point: CrashPort<AggregatorPoint> | undefined,
): (name: AggregatorPoint) => Promise<void> {
  return async (name) => {
    try {
      await point?.(name);
    } catch (cause) {
      throw new SimulatedCrash(name, cause);
    }
  };
}
