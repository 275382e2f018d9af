/**
 * Latency `visible.<store>`: how long after a window could first have closed a sampled device's row
 * of it can be seen in the store, by the fields that users search by. Harness clock at both ends.
 * It polls, so a value is right to within one interval, or to 2 % of itself where that is longer; what is never
 * seen is counted, not judged: the full scan does that.
 */
import type { Clock } from "../../simulator/clock.ts";
import { createLatencyHistogram, type LatencyHistogram } from "./histogram.ts";
import { sampleDevices } from "./visibility-sample.ts";

export type ProbeTarget = { readonly device: string; readonly windowStart: number };

/** A store as the probe asks it: which of the targets can be seen now? It may answer for others as well. */
export type VisibilityPoll = {
  readonly seen: (
    targets: readonly ProbeTarget[],
    signal: AbortSignal,
  ) => Promise<readonly ProbeTarget[]>;
  readonly close: () => Promise<void>;
};

export type VisibilityProbe = {
  readonly histogram: LatencyHistogram;
  /** Targets still looked for. */
  readonly open: number;
  /** Targets given up: not seen before their deadline, or still open at the end. */
  readonly notSeen: number;
  /** Polls that failed; the store may well be down on purpose. */
  readonly failedPolls: number;
  /** Why the last of them failed. */
  readonly lastFailure: unknown;
  /** A window could first have closed at `atMs` (harness wall time, epoch milliseconds). */
  readonly windowCouldClose: (windowStart: number, atMs: number) => void;
  /** No further windows come: resolves when all are seen, or `withinMs` later. */
  readonly finish: (withinMs: number) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type VisibilityProbeOptions = {
  readonly poll: VisibilityPoll;
  readonly clock: Clock;
  readonly seed: number;
  readonly devices: number;
  readonly deviceId: (device: number) => string;
  /** Windows that can first close before this (harness wall time) are not measured: the warm-up. */
  readonly measureFromMs: number;
  /** Windows of which it hears before the poll can answer are not measured, either. Always, unless said. */
  readonly isReady?: () => boolean;
  /** Told of each sample as well, in milliseconds. */
  readonly onSample?: (ms: number) => void;
  readonly intervalMs?: number;
  readonly giveUpAfterMs?: number;
};

type OpenTarget = ProbeTarget & { readonly couldCloseAtMs: number };

/** So many are asked for at once; later windows wait their turn. */
const targetsMax = 500;
/** A store that works off a million rows for minutes is not asked ten times a second how far it is. */
const coarseness = 0.02;

export function startVisibilityProbe(options: VisibilityProbeOptions): VisibilityProbe {
  const { poll, clock, seed, devices, deviceId, measureFromMs, onSample } = options;
  const { intervalMs = 100, giveUpAfterMs = 120_000, isReady = () => true } = options;
  const histogram = createLatencyHistogram();
  const open = new Map<string, OpenTarget>();
  const stopping = new AbortController();
  let finishing = false;
  let notSeen = 0;
  let failedPolls = 0;
  let lastFailure: unknown;

  async function look(): Promise<void> {
    const now = clock.now();
    const due = [...open.values()].filter(({ couldCloseAtMs }) => couldCloseAtMs <= now);
    for (const target of due) {
      if (now - target.couldCloseAtMs < giveUpAfterMs) continue;
      open.delete(keyOf(target));
      notSeen++;
    }
    const asked = due.filter((target) => open.has(keyOf(target))).slice(0, targetsMax);
    if (asked.length === 0) return;
    const seen = await poll.seen(asked, stopping.signal);
    const seenAtMs = clock.now();
    for (const target of seen) {
      const found = open.get(keyOf(target));
      if (found === undefined) continue;
      open.delete(keyOf(target));
      histogram.record(seenAtMs - found.couldCloseAtMs);
      onSample?.(seenAtMs - found.couldCloseAtMs);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted && !(finishing && open.size === 0)) {
      const began = clock.monotonicMs();
      await look().catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        failedPolls++;
        lastFailure = error;
      });
      const due = Math.max(intervalMs, longestWaitMs(open.values(), clock.now()) * coarseness);
      const pause = Math.max(1, due - (clock.monotonicMs() - began));
      await clock.sleep(pause, stopping.signal).catch(() => undefined); // Only the abort rejects.
    }
  }

  const looping = loop();

  async function stop(): Promise<void> {
    stopping.abort();
    await looping;
    notSeen += open.size;
    open.clear();
  }

  return {
    histogram,
    get open() {
      return open.size;
    },
    get notSeen() {
      return notSeen;
    },
    get failedPolls() {
      return failedPolls;
    },
    get lastFailure() {
      return lastFailure;
    },
    windowCouldClose(windowStart, atMs) {
      if (atMs < measureFromMs || !isReady()) return;
      for (const index of sampleDevices(seed, devices, windowStart)) {
        const target = { device: deviceId(index), windowStart, couldCloseAtMs: atMs };
        open.set(keyOf(target), target);
      }
    },
    async finish(withinMs) {
      finishing = true;
      const waiting = new AbortController();
      const deadline = clock.sleep(withinMs, waiting.signal).catch(() => undefined);
      await Promise.race([looping, deadline]);
      waiting.abort();
      await stop();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await poll.close();
    },
  };
}

/** Of the targets that could be seen by now. */
function longestWaitMs(targets: Iterable<OpenTarget>, now: number): number {
  let longest = 0;
  for (const { couldCloseAtMs } of targets) longest = Math.max(longest, now - couldCloseAtMs);
  return longest;
}

function keyOf({ device, windowStart }: ProbeTarget): string {
  return `${device} ${windowStart}`;
}
