/**
 * Everything at once, as `fleetproof run quick` plays it: fleet, Kafka, aggregator, both persisting jobs, both stores, the
 * audit that reads along, and the judgement of every reading; servers and all on this machine. Three parts, or one:
 *   day      ten billion readings a day, 30 in a window: cores by process, latency by hop
 *   grow     1, 2, 4 and 8 times that load and fleet, with hourly windows (360): cost must grow no faster than load
 *   highest  the highest rate that still PASSES, with 360 and with 60 readings a window
 *   npm run bench:pipeline [-- [--part day|grow|highest] [--for SECONDS] [--stack NAME] [--rounds N] [--json] [--compare OLD.json]]
 * A run that is not PASS counts in no figure but that of `highest`, whose search it bounds. About 100 minutes for all.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { homeOf } from "../../harness/stack/home.ts";
import { openStack } from "../../harness/stack/open-stack.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { forgetRun } from "../prove/forget-run.ts";
import { onStack } from "../prove/on-stack.ts";
import { playRun } from "../prove/play-run.ts";
import { type BenchRow, rowOf } from "./bench-result.ts";
import { commandLine, refuse, wholeNumber } from "./command-line.ts";
import { highestPassing } from "./highest-passing.ts";
import { argumentsOf, daily, type PipelineLoad } from "./pipeline-load.ts";
import { type PipelineRound, pipelineRound } from "./pipeline-round.ts";
import { benchOptions, reportBench, reportingOf } from "./report-bench.ts";
import { say } from "./say.ts";

const parts = ["day", "grow", "highest"];
const values = commandLine(import.meta.filename, {
  part: { type: "string", multiple: true, default: parts },
  for: { type: "string", default: "60" },
  stack: { type: "string" },
  out: { type: "string", default: "runs/bench-pipeline" },
  ...benchOptions,
});
for (const part of values.part) {
  if (!parts.includes(part)) refuse(`--part ${part}: take ${parts.join(", ")}`);
}
const forSeconds = wholeNumber("for", values.for, 20, 86_400);
const reporting = reportingOf(values);

/** 25,000 devices fill a window of 30 readings in 6.5 s. */
const day: PipelineLoad = {
  name: "ten billion a day, 30 readings a window",
  perSecond: daily,
  readingsAWindow: 30,
  devices: 25_000,
};
/** 6,250 devices for each 115,741 readings/s: a window in 19 s. */
const growing = [1, 2, 4, 8].map(
  (times): PipelineLoad => ({
    name: `${times} × ten billion a day, 360 readings a window`,
    perSecond: times * daily,
    readingsAWindow: 360,
    devices: times * 6_250,
  }),
);
/** Steps of a tenth of the goal. */
const ladders = [
  { goal: 1_000_000, readingsAWindow: 360, devices: 50_000 },
  { goal: 400_000, readingsAWindow: 60, devices: 50_000 },
];
const stepsOfGoal = 10;
const stepsMost = 15;

const measured = new Map<string, PipelineRound[]>();
let versions = {};
await onStack(
  values.stack,
  async (stack, signal) => {
    const play = (load: PipelineLoad) => playLoad(load, stack, signal);
    const steady = [
      ...(values.part.includes("day") ? [day] : []),
      ...(values.part.includes("grow") ? growing : []),
    ];
    for (let round = 1; round <= reporting.rounds; round++) {
      for (const load of steady) {
        say(`round ${round} of ${reporting.rounds}: ${load.name}`);
        await play(load);
      }
    }
    const highest = values.part.includes("highest") ? await climb(play) : [];
    const rows = [...[...measured].flatMap(([name, rounds]) => rowsOf(name, rounds)), ...highest];
    const notes = [
      `${forSeconds} s of load a round and three cycles of windows at least; the audit ran live`,
      "goals: 1,000,000/s at 360 readings a window, 400,000/s at 60; a day's load in 1.2 cores",
    ];
    reportBench({ bench: "pipeline", versions, rows, notes }, reporting, clock.now());
  },
  "interrupted; nothing of it is left",
);

/** Plays, measures, forgets; a run that passes goes to the figures of its load. */
async function playLoad(
  load: PipelineLoad,
  stack: string,
  signal: AbortSignal,
): Promise<PipelineRound> {
  const out = join(values.out, load.name.replace(/[^a-z0-9]+/gi, "-"));
  const played = await playRun({ args: argumentsOf(load, forSeconds, stack), out, signal });
  const round = await pipelineRound(played);
  const total = [...round.cores.values()].reduce((a, b) => a + b, 0);
  const verdict = round.passed ? "PASS" : `not PASS: ${round.reasons.join("; ")}`;
  say(
    `${Math.round(round.perSecond).toLocaleString("en")}/s, ${total.toFixed(2)} cores, ${verdict}`,
  );
  versions = played.summary?.versions ?? versions;
  await using opened = openStack(stack, { home: homeOf(process.env), clock });
  await forgetRun(opened, played.summary!.run);
  if (!round.passed) return round;
  rmSync(out, { recursive: true, force: true });
  const rounds = measured.get(load.name) ?? [];
  measured.set(load.name, rounds);
  rounds.push(round);
  return round;
}

async function climb(
  play: (load: PipelineLoad) => Promise<PipelineRound>,
): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { goal, readingsAWindow, devices } of ladders) {
    const loadOf = (step: number): PipelineLoad => ({
      name: `${((goal * step) / stepsOfGoal).toLocaleString("en")}/s, ${readingsAWindow} readings a window`,
      perSecond: (goal * step) / stepsOfGoal,
      readingsAWindow,
      devices,
    });
    const best = await highestPassing(stepsMost, reporting.rounds, async (step) => {
      say(`is ${loadOf(step).name} held?`);
      return (await play(loadOf(step))).passed;
    });
    for (const name of measured.keys()) {
      const isOther = name.endsWith(`/s, ${readingsAWindow} readings a window`);
      if (isOther && name !== loadOf(best).name) measured.delete(name);
    }
    const name = `highest rate that passes, ${readingsAWindow} readings a window`;
    const rate = (goal * best) / stepsOfGoal;
    rows.push(rowOf({ name, unit: "readings/s sent", better: "more", values: [rate] }));
  }
  return rows;
}

function rowsOf(name: string, rounds: readonly PipelineRound[]): readonly BenchRow[] {
  const row = (unit: string, better: "more" | "less", of: (round: PipelineRound) => number) =>
    rowOf({ name, unit, better, values: rounds.map(of) });
  const processes = [...rounds[0]!.cores.keys()];
  const total = (round: PipelineRound): number => [...round.cores.values()].reduce((a, b) => a + b);
  return [
    row("readings/s to the last row", "more", ({ perSecond }) => perSecond),
    row("cores, all processes", "less", total),
    ...processes.map((one) => row(`cores, ${one}`, "less", ({ cores }) => cores.get(one) ?? 0)),
    row("µs of CPU a reading, to its row", "less", ({ cpu }) => cpu),
    row("send lag p99.9, ms", "less", ({ sendLagMs }) => sendLagMs.p999),
    ...Object.keys(rounds[0]!.latencyMs).map((hop) =>
      row(`${hop} p99, ms`, "less", ({ latencyMs }) => latencyMs[hop]?.p99 ?? Number.NaN),
    ),
  ];
}
