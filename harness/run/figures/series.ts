/**
 * Records what can be seen of a run over time: a line a second into `facts/series.ndjson`, appended, so that a run
 * that is broken off keeps what was seen. It listens to the live status; latencies are handed to it sample by
 * sample; what the processes use is asked for now and then, because that means a look at the whole process table.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import type { Clock } from "../../../simulator/clock.ts";
import { createLatencyHistogram, type LatencyHistogram } from "../../observe/histogram.ts";
import {
  type SeriesPoint,
  type SeriesUsage,
  seriesHeadLine,
  seriesPointLine,
} from "../../report/series-shape.ts";
import type { LiveEvent, LiveStatus, StageReading } from "../live-status.ts";

export type SeriesRecorder = AsyncDisposable & {
  /** `count` samples of one latency, of the hop as `summary.json` names it. */
  readonly sample: (hop: string, ms: number, count?: number) => void;
};

type Told = StageReading & { readonly atMs: number };

const lineEveryMs = 1_000;
const usageEveryLines = 5;

/** Runs until it is disposed of, which writes the last line. Until the origin is known, nothing is written. */
export function recordSeries(options: {
  readonly file: string;
  readonly status: Pick<LiveStatus, "listen">;
  readonly usage: () => Readonly<Record<string, SeriesUsage>>;
  /** Wall time at which the load begins; undefined: not known yet. */
  readonly originMs: () => number | undefined;
  readonly clock: Clock;
}): SeriesRecorder {
  const { file, status, usage, originMs, clock } = options;
  const stopping = new AbortController();
  const stages = createStageRates();
  const hops = new Map<string, LatencyHistogram>();
  let phase = "stack";
  let phaseFromMs = clock.now();
  let fault: string | undefined;
  let lines = 0;

  status.listen((event: LiveEvent) => {
    if (event.kind === "stage") stages.tell(event.name, { ...event.reading, atMs: event.atMs });
    else if (event.kind === "fault") fault = event.active;
    else if (event.phase !== phase) {
      phase = event.phase;
      phaseFromMs = event.atMs;
    }
  });

  function point(origin: number): SeriesPoint {
    return {
      atMs: clock.now() - origin,
      phase,
      phaseFromMs: phaseFromMs - origin,
      stages: stages.take(),
      latencyMs: takeHops(hops),
      ...(fault === undefined ? {} : { fault }),
      ...(lines % usageEveryLines === 0 || stopping.signal.aborted ? { processes: usage() } : {}),
    };
  }

  function write(): void {
    const origin = originMs();
    if (origin === undefined) return;
    if (lines === 0) writeFileSync(file, seriesHeadLine(origin));
    appendFileSync(file, seriesPointLine(point(origin)));
    lines++;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(lineEveryMs, stopping.signal).catch(() => undefined); // Only the abort rejects.
      write();
    }
  }

  const looping = loop();
  looping.catch(() => undefined); // A full disk ends the recording; whoever disposes of it is told.
  return {
    sample(hop, ms, count = 1) {
      const histogram = hops.get(hop) ?? createLatencyHistogram(2);
      hops.set(hop, histogram);
      for (let i = 0; i < count; i++) histogram.record(ms);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await looping;
    },
  };
}

/** What stages told since they were last asked, with the rate between two lines. */
function createStageRates(): {
  readonly tell: (name: string, told: Told) => void;
  readonly take: () => SeriesPoint["stages"];
} {
  const fresh = new Map<string, Told>();
  const before = new Map<string, Told>();
  return {
    tell(name, told) {
      const p99Ms = Math.max(told.p99Ms ?? -1, fresh.get(name)?.p99Ms ?? -1);
      fresh.set(name, p99Ms < 0 ? told : { ...told, p99Ms });
    },
    take() {
      const lines = [...fresh].map(([name, told]) => {
        const { total, lag, p99Ms } = told;
        const rate = rateBetween(before.get(name), told);
        before.set(name, told);
        const line = {
          total,
          ...(rate === undefined ? {} : { perSecond: rate }),
          ...(lag === undefined ? {} : { lag }),
          ...(p99Ms === undefined ? {} : { p99Ms }),
        };
        return [name, line] as const;
      });
      fresh.clear();
      return Object.fromEntries(lines);
    },
  };
}

/** A total that went back (a replay has rewound its group) has no rate. */
function rateBetween(from: Told | undefined, to: Told): number | undefined {
  if (from === undefined || to.atMs <= from.atMs || to.total < from.total) return undefined;
  return ((to.total - from.total) / (to.atMs - from.atMs)) * 1_000;
}

function takeHops(hops: ReadonlyMap<string, LatencyHistogram>): SeriesPoint["latencyMs"] {
  const seen = [...hops].filter(([, { count }]) => count > 0);
  return Object.fromEntries(
    seen.map(([hop, histogram]) => {
      const { count } = histogram;
      const line = { p50: histogram.percentile(50), p99: histogram.percentile(99), count };
      histogram.reset();
      return [hop, line];
    }),
  );
}
