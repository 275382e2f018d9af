/** The toxic that a link has at present, what it has seen, and the pace that all of its connections share. */
import type { Clock } from "../../../simulator/clock.ts";
import type { Direction, Toxic, ToxicTrace } from "./toxic.ts";

export type ActiveToxic = {
  readonly toxic: Toxic;
  /** Aborted when the link heals. */
  readonly over: AbortSignal;
  readonly note: (connection: object, bytes: number, hits?: number) => void;
  /** Resolves when so many bytes may pass; at once when the link is healed. */
  readonly pace: (direction: Direction, bytes: number, bytesPerSecond: number) => Promise<void>;
  readonly trace: () => ToxicTrace;
};

export function activate(toxic: Toxic, clock: Clock, over: AbortSignal): ActiveToxic {
  const touched = new Set<object>();
  const freeAtMs = { requests: 0, responses: 0 };
  let bytes = 0;
  let hits = 0;
  return {
    toxic,
    over,
    note(connection, more, moreHits = 0) {
      touched.add(connection);
      bytes += more;
      hits += moreHits;
    },
    async pace(direction, size, bytesPerSecond) {
      const nowMs = clock.monotonicMs();
      const fromMs = Math.max(nowMs, freeAtMs[direction]);
      freeAtMs[direction] = fromMs + (size / bytesPerSecond) * 1_000;
      const waitMs = freeAtMs[direction] - nowMs;
      await clock.sleep(waitMs, over).catch(() => undefined); // Healed: it passes.
    },
    trace: () => ({ bytes, connections: touched.size, hits }),
  };
}
