/**
 * One run on servers that answer, from its topics to its facts and figures: start, load, close, drain, look,
 * replay. It records; it does not judge (`judge-run.ts` does, from what is on file).
 */
import type { WorkerResult } from "../../simulator/worker-protocol.ts";
import type { ReadPositions, ReplayRecord, ReplayStall } from "../facts/run-record.ts";
import { writeSeenRevisions } from "../facts/seen-revisions.ts";
import type { FaultReport } from "../faults/fault-report.ts";
import { createTargetLocks } from "../faults/target-locks.ts";
import type { LatencyHistogram } from "../observe/histogram.ts";
import type { DeadLetterTopic } from "../observe/read-dead-letters.ts";
import type { PauseSummary } from "../process/pauses/pause-summary.ts";
import { seriesFile } from "../report/series-shape.ts";
import type { BurstSummary } from "../report/summary-json.ts";
import type { StoreName } from "../scenario/scenario.ts";
import { comeToRest } from "./come-to-rest.ts";
import { recordDeadLetters } from "./dead-letters.ts";
import type { DrainOutcome } from "./drain.ts";
import { createBurstMeter } from "./figures/bursts.ts";
import { createAggregateLatency } from "./figures/measurements.ts";
import { meterPauses } from "./figures/pauses.ts";
import { openProbes } from "./figures/probes.ts";
import { recordSeries } from "./figures/series.ts";
import { usageOfRun } from "./figures/series-usage.ts";
import { openGroups } from "./groups.ts";
import { createJobRest } from "./job-rest.ts";
import { openRunLinks } from "./links.ts";
import type { LiveStatus } from "./live-status.ts";
import { playLoad } from "./load.ts";
import { lookAtStores } from "./look-at-stores.ts";
import { readToOf } from "./observer.ts";
import { createProcessSlots, type ProcessSlots, type SlotUsage } from "./process-slots.ts";
import { createReplays } from "./replays/replay-steps.ts";
import type { RunContext } from "./run-context.ts";
import { startParts } from "./start-parts.ts";
import { dropHeld } from "./store-scans.ts";
import { watchTasks } from "./task-watch.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createTroubles, type Troubles } from "./troubles.ts";

export type PlayedRun = {
  readonly timeline: Timeline;
  readonly endedAtEventMs: number;
  readonly span: number;
  readonly results: readonly WorkerResult[];
  readonly drained: DrainOutcome;
  /** Absent when the observer never told. */
  readonly readTo?: ReadPositions;
  readonly faults: readonly FaultReport[];
  readonly replays: readonly ReplayRecord[];
  readonly replayStalls: readonly ReplayStall[];
  /** Producer ids of declared second writers to the aggregated topic. */
  readonly secondWriters: readonly number[];
  /** Topics whose records are on file. */
  readonly deadLetters: readonly DeadLetterTopic[];
  /** Those that could be read: what they held is on file. */
  readonly stores: readonly StoreName[];
  readonly bursts: readonly BurstSummary[];
  /** By hop. */
  readonly latencies: Readonly<Record<string, LatencyHistogram>>;
  /** What ended unasked or could not be read, one sentence each. */
  readonly troubles: readonly string[];
  readonly processes: Readonly<Record<string, SlotUsage>>;
  /** By process, servers and harness among them. */
  readonly pauses: Readonly<Record<string, PauseSummary>>;
};

/** From the last child's `ready` to the first reading: the clocks of all workers reach it together. */
const startInMs = 500;
const readWithinMs = 120_000;
/** Once something has died, what is not read soon will not be. */
const readAfterTroubleMs = 8_000;

export async function playRun(context: RunContext, status: LiveStatus): Promise<PlayedRun> {
  const { clock, registry, signal, scenario } = context;
  const slots = createProcessSlots({ registry, clock, signal });
  using pauses = meterPauses(context, slots);
  const troubles = createTroubles(clock, signal);
  const watch = watchServers(context, troubles);
  slots.onDeath((death) =>
    troubles.note(`${death.name} died in mid-run: ${lastLine(death.logTail)}`),
  );
  await using groups = openGroups(context);
  await using links = await openRunLinks(scenario, context.stack, clock);
  let timeline: Timeline | undefined;
  await using series = recordSeries({
    file: context.folder.facts(seriesFile),
    status,
    usage: () => usageOfRun(context, slots),
    originMs: () => timeline?.originMs,
    clock,
  });
  const stores = context.jobs.map(({ store }) => store);
  const bursts = createBurstMeter(() => timeline, stores);
  status.listen(bursts.see);
  const aggregate = createAggregateLatency(() => timeline, series.sample);
  try {
    status.phase("stack", "starting jobs, observer and fleet");
    const parts = await startParts(context, slots, links, aggregate.record);
    const { observer, span } = parts;
    timeline = createTimeline(scenario, clock.now() + startInMs);
    await using probes = openProbes(context, timeline, series.sample);
    const locks = createTargetLocks();
    const jobRest = createJobRest({ workers: () => workersOf(slots), clock, signal });
    await using tasks = watchTasks({ rest: jobRest, clock, say: status.say });
    tasks.onFailure(troubles.note);
    const shared = { slots, groups, timeline, status, troubles, locks, links, hold: locks.hold };
    const secondWriters: number[] = [];
    const stalls: ReplayStall[] = [];
    const all = { ...parts, ...shared, rest: jobRest, tasks, secondWriters, stalls };
    const replays = createReplays(context, all);
    const load = { ...all, probes: probes.all, replays: replays.underLoad };
    const outcome = await playLoad(context, load);
    const rest = await comeToRest(context, { ...all, probes }, outcome);
    status.phase("judge", "reading topics and stores to their ends");
    const withinMs = troubles.sentences.length > 0 ? readAfterTroubleMs : readWithinMs;
    const [seen, , deadLetters] = await Promise.all([
      lookAtStores(context, troubles, (rows) => status.stage("rows read", { total: rows })),
      troubles.attempt("the topics", () => observer.finish(withinMs), false),
      // Before a replay makes further ones.
      troubles.attempt("the dead letters", () => recordDeadLetters(context), []),
    ]);
    const replayed = await replays.finish(seen.scans);
    await writeSeenRevisions(context.folder.factsFolder, await probes.revisions());
    await tasks[Symbol.asyncDispose](); // Before those whom it asks are gone.
    await slots.stopAll();
    const { endedAtEventMs } = outcome;
    return {
      timeline,
      endedAtEventMs,
      ...readToOf(observer),
      span,
      ...rest,
      replays: replayed,
      replayStalls: stalls,
      secondWriters,
      deadLetters,
      stores: seen.stores,
      bursts: bursts.bursts(Math.min(timeline.loadEndMs, timeline.wallOf(endedAtEventMs))),
      latencies: { aggregate: aggregate.histogram, ...probes.latencies() },
      troubles: troubles.sentences,
      processes: slots.usage(),
      pauses: pauses.read(),
    };
  } finally {
    watch.end();
    await slots.stopAll();
    await dropHeld(context);
  }
}

/** Where the workers that live offer REST. */
function workersOf(slots: ProcessSlots): readonly string[] {
  return slots.names().flatMap((name) => slots.restOf(name) ?? []);
}

function watchServers({ stack }: RunContext, troubles: Troubles): { readonly end: () => void } {
  let over = false;
  void stack.died.then(({ server, logTail }) => {
    if (!over) troubles.note(`${server} died in mid-run; the end of its log: ${lastLine(logTail)}`);
  });
  return {
    end: () => {
      over = true;
    },
  };
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
