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
import { startVisibilityProbe, type VisibilityProbe } from "../observe/visibility-probe.ts";
import type { StoreName } from "../scenario/scenario.ts";
import type { DrainOutcome } from "./drain.ts";
import { drainStages } from "./drain-stages.ts";
import { openGroups } from "./groups.ts";
import type { LiveStatus } from "./live-status.ts";
import { playLoad } from "./load.ts";
import { createAggregateLatency } from "./measurements.ts";
import { createProcessSlots, type ProcessSlots, type SlotUsage } from "./process-slots.ts";
import { type ReplayParts, replayRewind } from "./replay-rewind.ts";
import type { RunContext } from "./run-context.ts";
import { startParts } from "./start-parts.ts";
import { scanStores, storeAccess } from "./stores.ts";
import { createTimeline, type Timeline } from "./timeline.ts";

export type PlayedRun = {
  readonly timeline: Timeline;
  readonly endedAtEventMs: number;
  readonly span: number;
  readonly results: readonly WorkerResult[];
  readonly drained: DrainOutcome;
  readonly faults: readonly KillReport[];
  readonly replays: readonly ReplayRecord[];
  readonly scans: ReadonlyMap<StoreName, StoreScan>;
  /** By hop. */
  readonly latencies: Readonly<Record<string, LatencyHistogram>>;
  /** A sentence for each process or server that ended unasked. */
  readonly died: readonly string[];
  readonly processes: Readonly<Record<string, SlotUsage>>;
};

/** From the last child's `ready` to the first reading: the clocks of all workers reach it together. */
const startInMs = 500;
const probesWithinMs = 10_000;
const readWithinMs = 120_000;

export async function playRun(context: RunContext, status: LiveStatus): Promise<PlayedRun> {
  const { clock, registry, signal, stack, scenario } = context;
  const slots = createProcessSlots({ registry, clock, signal });
  const died: string[] = [];
  let over = false;
  void stack.died.then(({ server, logTail }) => {
    if (!over) died.push(`${server} died in mid-run. The end of its log: ${lastLine(logTail)}`);
  });
  slots.onDeath((death) => died.push(`${death.name} died in mid-run: ${lastLine(death.logTail)}`));
  await using groups = openGroups(context);
  let timeline: Timeline | undefined;
  const aggregate = createAggregateLatency(() => timeline);
  try {
    status.phase("stack", "starting jobs, observer and fleet");
    const parts = await startParts(context, slots, aggregate.record);
    const { fleet, observer, span } = parts;
    timeline = createTimeline(scenario, clock.now() + startInMs);
    const probes = startProbes(context, timeline.measureFromMs);
    try {
      const load = { ...parts, slots, groups, probes: [...probes.values()], timeline, status };
      const { endedAtEventMs, faults } = await playLoad(context, load);
      status.phase("close", "moving stream time past the last window");
      observer.cut(endedAtEventMs);
      await fleet.close();
      const results = await fleet.finish();
      status.phase("drain");
      const drained = await drainStages(context, groups, status, {
        somethingDied: died.length > 0,
      });
      await Promise.all([...probes.values()].map((probe) => probe.finish(probesWithinMs)));
      const faultReports = await Promise.all(faults);
      status.phase("judge", "reading topics and stores to their ends");
      const scanning = scanStores(context, (rows) => status.stage("rows read", { total: rows }));
      const [scans] = await Promise.all([scanning, observer.finish(readWithinMs)]);
      const { aggregated } = await readTopicFacts(context.folder.factsFolder);
      const records = aggregated.table.length;
      const replay = { groups, slots, scans, records, status };
      const replays = await replayAll(context, replay, died);
      return {
        timeline,
        endedAtEventMs,
        span,
        results,
        drained,
        faults: faultReports,
        replays,
        scans,
        latencies: { aggregate: aggregate.histogram, ...visibleLatencies(probes) },
        died,
        processes: await endAll(slots),
      };
    } finally {
      for (const probe of probes.values()) await probe[Symbol.asyncDispose]();
    }
  } finally {
    over = true;
    await slots.stopAll();
  }
}

function startProbes(
  context: RunContext,
  measureFromMs: number,
): ReadonlyMap<StoreName, VisibilityProbe> {
  const { scenario, plan, clock, jobs } = context;
  return new Map(
    jobs.map(({ store }) => [
      store,
      startVisibilityProbe({
        poll: storeAccess(context, store).poll(),
        clock,
        seed: scenario.seed,
        devices: plan.fleetDevices,
        deviceId: plan.deviceId,
        measureFromMs,
      }),
    ]),
  );
}

function visibleLatencies(
  probes: ReadonlyMap<StoreName, VisibilityProbe>,
): Record<string, LatencyHistogram> {
  return Object.fromEntries(
    [...probes].map(([store, { histogram }]) => [`visible.${store}`, histogram]),
  );
}

async function replayAll(
  context: RunContext,
  parts: ReplayParts,
  died: readonly string[],
): Promise<readonly ReplayRecord[]> {
  const records: ReplayRecord[] = [];
  // An interrupted run, or one with a dead process, is judged as far as it came.
  if (context.interrupted.aborted || died.length > 0) return records;
  for (const _step of context.scenario.replay) {
    parts.status.phase("replay", "the persisting jobs read everything again");
    records.push(...(await replayRewind(context, parts)));
  }
  return records;
}

async function endAll(slots: ProcessSlots): Promise<Readonly<Record<string, SlotUsage>>> {
  await slots.stopAll();
  return slots.usage();
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
