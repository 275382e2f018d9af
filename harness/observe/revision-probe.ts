/**
 * Looks at sampled keys of one store again and again, from the moment their window could first have closed to the end
 * of the run, replays included: which revision can be seen now? It notes and judges nothing. Low rate: a probe must
 * not be a load. What goes back and forth between two looks is not seen.
 */
import type { Clock } from "../../simulator/clock.ts";
import type { SeenTable } from "../facts/seen-revisions.ts";
import { createRevisionNotes } from "./revision-probe-notes.ts";
import type { ProbeTarget, VisibilityPoll } from "./visibility-probe.ts";
import { sampleDevices } from "./visibility-sample.ts";

/** What a store shows of a target: NaN for what its mapping does not name; the revision is the count then. */
export type SeenRow = ProbeTarget & { readonly revision: number; readonly version: number };

/** A store as this probe asks it, and the visibility probe on the same connection. */
export type RevisionPoll = Pick<VisibilityPoll, "close"> & {
  readonly seen: (
    targets: readonly ProbeTarget[],
    signal: AbortSignal,
  ) => Promise<readonly SeenRow[]>;
};

export type RevisionProbe = {
  readonly table: SeenTable;
  readonly failedLooks: number;
  /** Stream time has passed the last window: from now on every window's rows are looked for. */
  readonly allClosed: () => void;
  /**
   * Looks at every key once more, for at most `withinMs`, then no more; twice at what it sees for the first time then, so
   * that there is something to hold the look against.
   */
  readonly finish: (withinMs: number) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type RevisionProbeOptions = {
  readonly poll: Pick<RevisionPoll, "seen">;
  readonly clock: Clock;
  readonly seed: number;
  readonly devices: number;
  readonly deviceId: (device: number) => string;
  /** With the wall time from which each may be there, ascending. */
  readonly windows: readonly { readonly start: number; readonly fromMs: number }[];
  /** Of the store, in what is noted. */
  readonly store: number;
  readonly intervalMs?: number;
};

type Key = ProbeTarget & { readonly index: number };

/** The same devices in every window, so that a request for some of each is exact. */
const devicesMax = 16;
/** So many keys are asked for in one look; the next ones in the next. */
const keysPerLook = 96;
/** Runs of days: the latest windows are looked at, older ones rest. 16 devices × 1,024 windows. */
const windowsMax = 1_024;

export function startRevisionProbe(options: RevisionProbeOptions): RevisionProbe {
  const { poll, clock, seed, devices, deviceId, windows, intervalMs = 500 } = options;
  const sampled = someOf(sampleDevices(seed, devices, 0));
  const notes = createRevisionNotes(options.store);
  const ending = new AbortController();
  const broken = new AbortController();
  const { signal } = broken;
  /** Keys of which a row was seen. */
  const known = new Set<string>();
  let isAllClosed = false;
  let next = 0;
  let failedLooks = 0;

  /** Window by window, the sampled devices of each. */
  function keysNow(): readonly Key[] {
    const now = clock.now();
    return windows
      .filter(({ fromMs }) => isAllClosed || fromMs <= now)
      .slice(-windowsMax)
      .flatMap(({ start }) =>
        sampled.map((index) => ({ index, device: deviceId(index), windowStart: start })),
      );
  }

  /** By turns, round and round. */
  function nextOf(keys: readonly Key[]): readonly Key[] {
    const from = keys.length === 0 ? 0 : next % keys.length;
    const asked = [...keys.slice(from), ...keys.slice(0, from)].slice(0, keysPerLook);
    next = from + asked.length;
    return asked;
  }

  async function look(keys: readonly Key[]): Promise<void> {
    if (keys.length === 0) return;
    try {
      const seen = await poll.seen(keys, signal);
      const atMs = clock.now();
      const found = highestOf(seen);
      for (const key of keys) {
        const { revision, version } = found.get(textOf(key)) ?? noRow;
        if (found.has(textOf(key))) known.add(textOf(key));
        notes.add({ device: key.index, window: key.windowStart, revision, version }, atMs);
      }
    } catch {
      if (!signal.aborted) failedLooks++;
    }
  }

  async function loop(): Promise<void> {
    while (!ending.signal.aborted) {
      await look(nextOf(keysNow()));
      await clock.sleep(intervalMs, ending.signal).catch(() => undefined); // Only the abort rejects.
    }
  }

  const looping = loop();

  /** What is under way then is broken off. */
  async function stop(): Promise<void> {
    ending.abort();
    broken.abort();
    await looping;
  }

  async function finish(withinMs: number): Promise<void> {
    ending.abort();
    const waiting = new AbortController();
    void clock.sleep(withinMs, waiting.signal).then(
      () => broken.abort(),
      () => undefined, // Done before the time was over.
    );
    await looping;
    const keys = keysNow();
    const fresh = keys.filter((key) => !known.has(textOf(key)));
    for (const some of [keys, fresh]) await lookAtAll(some);
    waiting.abort();
  }

  async function lookAtAll(keys: readonly Key[]): Promise<void> {
    for (let from = 0; from < keys.length && !signal.aborted; from += keysPerLook) {
      await look(keys.slice(from, from + keysPerLook));
    }
  }

  return {
    table: notes.table,
    get failedLooks() {
      return failedLooks;
    },
    allClosed() {
      isAllClosed = true;
    },
    finish,
    [Symbol.asyncDispose]: stop,
  };
}

const noRow = { revision: Number.NaN, version: Number.NaN };

/** From all of the fleet, not from its beginning: they come in ascending order. */
function someOf(devices: readonly number[]): readonly number[] {
  const oneIn = Math.ceil(devices.length / devicesMax);
  return devices.filter((_, at) => at % oneIn === 0);
}

function textOf({ device, windowStart }: ProbeTarget): string {
  return `${device} ${windowStart}`;
}

/** A key that lies in two places is C7's to name; here it is as new as the newest of them. */
function highestOf(rows: readonly SeenRow[]): ReadonlyMap<string, SeenRow> {
  const highest = new Map<string, SeenRow>();
  for (const row of rows) {
    const known = highest.get(textOf(row));
    if (known === undefined || row.revision > known.revision) highest.set(textOf(row), row);
  }
  return highest;
}
