/**
 * One run on servers that answer, from its topics to its facts and figures: start, load, close, drain, look,
 * replay. It records; it does not judge (`judge-run.ts` does, from what is on file).
 */
import type { WorkerResult } from "../../simulator/worker-protocol.ts";
import type { ReplayRecord } from "../facts/run-record.ts";
import { readTopicFacts } from "../facts/topic-files.ts";
import type { KillReport } from "../faults/kill-step.ts";
import type { LatencyHistogram } from "../observe/histogram.ts";
import type { StoreScan } from "../observe/store-scan.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { DrainOutcome } from "./drain.ts";
import { drainStages } from "./drain-stages.ts";
import { openGroups } from "./groups.ts";
import type { LiveStatus } from "./live-status.ts";
import { playLoad } from "./load.ts";
import { createAggregateLatency } from "./measurements.ts";
import { openProbes } from "./probes.ts";
import { createProcessSlots, type SlotUsage } from "./process-slots.ts";
import { type ReplayParts, replayRewind } from "./replay-rewind.ts";
import type { RunContext } from "./run-context.ts";
import { startParts } from "./start-parts.ts";
import { scanStores } from "./stores.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createTroubles, type Troubles } from "./troubles.ts";

export type PlayedRun = {
  readonly timeline: Timeline;
  readonly endedAtEventMs: number;
  readonly span: number;
  readonly results: readonly WorkerResult[];
  readonly drained: DrainOutcome;
  readonly faults: readonly KillReport[];
  readonly replays: readonly ReplayRecord[];
  /** Of the stores that could be read. */
  readonly scans: ReadonlyMap<StoreName, StoreScan>;
  /** By hop. */
  readonly latencies: Readonly<Record<string, LatencyHistogram>>;
  /** What ended unasked or could not be read, one sentence each. */
  readonly troubles: readonly string[];
  readonly processes: Readonly<Record<string, SlotUsage>>;
};

/** From the last child's `ready` to the first reading: the clocks of all workers reach it together. */
const startInMs = 500;
const probesWithinMs = 10_000;
const readWithinMs = 120_000;
/** Once something has died, what is not read soon will not be. */
const readAfterTroubleMs = 8_000;

export async function playRun(context: RunContext, status: LiveStatus): Promise<PlayedRun> {
  const { clock, registry, signal, scenario } = context;
  const slots = createProcessSlots({ registry, clock, signal });
  const troubles = createTroubles(clock, signal);
  const watch = watchServers(context, troubles);
  slots.onDeath((death) =>
    troubles.note(`${death.name} died in mid-run: ${lastLine(death.logTail)}`),
  );
  await using groups = openGroups(context);
  let timeline: Timeline | undefined;
  const aggregate = createAggregateLatency(() => timeline);
  try {
    status.phase("stack", "starting jobs, observer and fleet");
    const parts = await startParts(context, slots, aggregate.record);
    const { fleet, observer, span } = parts;
    timeline = createTimeline(scenario, clock.now() + startInMs);
    await using probes = openProbes(context, timeline.measureFromMs);
    const load = { ...parts, slots, groups, probes: probes.all, timeline, status, troubles };
    const { endedAtEventMs, faults } = await playLoad(context, load);
    status.phase("close", "moving stream time past the last window");
    observer.cut(endedAtEventMs);
    await troubles.attempt("the closing readings", () => fleet.close(), undefined);
    const results = await troubles.attempt("the fleet", () => fleet.finish(), []);
    status.phase("drain");
    const undrained: DrainOutcome = { kind: "timed-out", stage: "any", lag: 0, afterMs: 0 };
    const somethingDied = (): boolean => troubles.sentences.length > 0;
    const drained = await troubles.attempt(
      "the drain",
      () => drainStages(context, groups, status, { somethingDied }),
      undrained,
    );
    await probes.finish(probesWithinMs);
    const faultReports = await troubles.attempt("the faults", () => Promise.all(faults), []);
    status.phase("judge", "reading topics and stores to their ends");
    const withinMs = somethingDied() ? readAfterTroubleMs : readWithinMs;
    const [scans] = await Promise.all([
      scanStores(context, troubles, (rows) => status.stage("rows read", { total: rows })),
      troubles.attempt("the topics", () => observer.finish(withinMs), false),
    ]);
    const replays = await replayAll(context, troubles, { groups, slots, scans, status });
    await slots.stopAll();
    return {
      timeline,
      endedAtEventMs,
      span,
      results,
      drained,
      faults: faultReports,
      replays,
      scans,
      latencies: { aggregate: aggregate.histogram, ...probes.latencies() },
      troubles: troubles.sentences,
      processes: slots.usage(),
    };
  } finally {
    watch.end();
    await slots.stopAll();
  }
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

/** An interrupted run, or one that is in trouble, is judged as far as it came. */
async function replayAll(
  context: RunContext,
  troubles: Troubles,
  parts: Omit<ReplayParts, "records">,
): Promise<readonly ReplayRecord[]> {
  const records: ReplayRecord[] = [];
  for (const _step of context.scenario.replay) {
    if (context.interrupted.aborted || troubles.sentences.length > 0) break;
    parts.status.phase("replay", "the persisting jobs read everything again");
    const { aggregated } = await readTopicFacts(context.folder.factsFolder);
    const all = { ...parts, records: aggregated.table.length };
    const replay = (): Promise<readonly ReplayRecord[]> => replayRewind(context, troubles, all);
    records.push(...(await troubles.attempt("the replay", replay, [])));
  }
  return records;
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
