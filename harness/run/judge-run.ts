/** From a played run to its verdict: puts the harness's own facts on file, then judges what is on file. */
import { countSends } from "../../simulator/count-plan.ts";
import { type Judgement, judge, undecided } from "../checks/judge.ts";
import { FactsError } from "../facts/facts-error.ts";
import { readRunFacts, writeRunRecord } from "../facts/run-facts.ts";
import type { RunRecord } from "../facts/run-record.ts";
import { faultRecord } from "../faults/fault-record.ts";
import { explainsTheGenerator } from "../faults/fault-report.ts";
import { recoveryTimes } from "../faults/recovery-times.ts";
import type { LatencyHistogram } from "../observe/histogram.ts";
import { evaluateThresholds, type ThresholdResult } from "../scenario/evaluate-thresholds.ts";
import { absorptionTimes } from "./figures/absorption-times.ts";
import {
  measuredRate,
  mergeLatencies,
  type Rate,
  thresholdMeasurements,
} from "./figures/measurements.ts";
import type { PlayedRun } from "./play-run.ts";
import type { RunContext } from "./run-context.ts";

export type JudgedRun = {
  readonly judgement: Judgement;
  readonly thresholds: readonly ThresholdResult[];
  readonly rate: Rate;
  readonly sendLag: LatencyHistogram;
  readonly latencies: Readonly<Record<string, LatencyHistogram>>;
  /** Sends of the plan up to where the load ended, second copies included. */
  readonly planned: number;
  readonly duplicatesSent: number;
};

/** Fewer records than this share of the plan prove nothing about it. */
const recordsMinShare = 0.5;

export async function judgeRun(context: RunContext, played: PlayedRun): Promise<JudgedRun> {
  const { scenario, folder } = context;
  const { results, timeline, endedAtEventMs } = played;
  const rate = measuredRate(results, timeline, endedAtEventMs);
  const sendLag = mergeLatencies(results, "sendLag");
  const latencies = { publish: mergeLatencies(results, "publish"), ...played.latencies };
  // Counted from the plan, not by the workers: one that left something out would be found here, too.
  const { sends: planned, duplicates: duplicatesSent } = countSends(context.plan, endedAtEventMs);
  const figures = { rate, sendLag, latencies };
  const generator = evaluateThresholds(
    scenario.thresholds.filter(({ metric }) => isGeneratorMetric(metric)),
    thresholdMeasurements({ ...figures, counts: {} }),
  );
  const record = recordOf(context, played, planned, generator);
  await writeRunRecord(folder.factsFolder, record);
  const judgement = await judgeFacts(folder.factsFolder, played.troubles);
  const thresholds = evaluateThresholds(
    scenario.thresholds,
    new Map([
      ...thresholdMeasurements({ ...figures, counts: countsOf(judgement, planned) }),
      ...recoveryTimes(played.faults),
      ...absorptionTimes(played.bursts),
    ]),
  );
  return { judgement, thresholds, ...figures, planned, duplicatesSent };
}

/** Facts that could not be recorded cannot be judged: undecided, for the reasons already known. */
async function judgeFacts(folder: string, troubles: readonly string[]): Promise<Judgement> {
  try {
    return judge(await readRunFacts(folder));
  } catch (error) {
    if (!(error instanceof FactsError) || troubles.length === 0) throw error;
    return undecided([...troubles, error.message]);
  }
}

/** Missed, these two make the run INVALID: it measured the generator, not the pipeline. */
function isGeneratorMetric(metric: string): boolean {
  return metric === "heldRate" || metric === "sendLagMs";
}

function recordOf(
  context: RunContext,
  played: PlayedRun,
  planned: number,
  generator: readonly ThresholdResult[],
): RunRecord {
  const { run, scenario, planOptions, names, stack, jobs } = context;
  const { drained, troubles, faults, replays, replayStalls, secondWriters, deadLetters, span } =
    played;
  const poisons = faults.flatMap((fault) => fault.poisons ?? []);
  const { raw, aggregated, rejected } = names.topics;
  return {
    schema: 1,
    run,
    scenario: scenario.name,
    plan: planOptions,
    span,
    digestKey: [0, 0],
    topics: { raw, aggregated, rejected },
    stack: stack.name ?? null,
    stackId: stack.name === undefined ? null : stack.id,
    stores: played.stores,
    mappings: Object.fromEntries(jobs.map(({ store }) => [store, scenario.stores[store]])),
    recordsMin: Math.max(1, Math.floor(planned * recordsMinShare)),
    drain: { drained: "empty", "timed-out": "shrinking", stalled: "stalled" }[
      drained.kind
    ] as RunRecord["drain"],
    ...(drained.seen === undefined ? {} : { drainSeen: drained.seen }),
    ...(played.readTo === undefined ? {} : { readTo: played.readTo }),
    timeScale: scenario.fleet.timeScale,
    brokenOff: false,
    died: troubles,
    // What died, or was killed on purpose, explains a schedule that was not kept; it is told already.
    generatorFaults: generator
      .filter(({ ok }) => !ok && troubles.length === 0 && !faults.some(explainsTheGenerator))
      .map(({ metric, limit, value }) => {
        const measured = value === null ? "not measured" : `${Number(value.toPrecision(5))}`;
        return `the generator did not keep its schedule: ${metric} ${limit} was asked, ${measured} held`;
      }),
    faults: faults.map(faultRecord),
    replays,
    ...(replayStalls.length === 0 ? {} : { replayStalls }),
    ...(secondWriters.length === 0 ? {} : { secondWriters }),
    ...(poisons.length === 0 ? {} : { poisons }),
    ...(deadLetters.length === 0 ? {} : { deadLetters }),
  };
}

function countsOf(
  { readings, aggregates }: Judgement,
  planned: number,
): Readonly<Record<string, number>> {
  return {
    "readings.planned": planned,
    "readings.acked": readings.acked,
    "readings.failed": readings.failed,
    "readings.unknown": readings.unknown,
    "readings.rejectedUnplanned": readings.rejectedUnplanned,
    "aggregates.published": aggregates.published,
  };
}
