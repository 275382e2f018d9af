/**
 * One schedule: the unchanged aggregator, persisting jobs and checks in a world whose time, broker, stores and
 * troubles all follow from one seed. First anything may happen; then all is well, and what is left must be drained and
 * judged PASS.
 */
import { type Judgement, judge } from "../checks/judge.ts";
import type { Verdict } from "../checks/verdict.ts";
import type { RunFacts } from "../facts/run-facts.ts";
import { type StageName, stageNames } from "./fault-schedule.ts";
import type { Effects } from "./gate.ts";
import type { Slot } from "./instances.ts";
import { playFleet } from "./memory-fleet.ts";
import { digestKey, isDrained, span } from "./memory-jobs.ts";
import { lookAtStores, lookAtTopics } from "./memory-look.ts";
import { recordOf } from "./memory-record.ts";
import { playTrouble } from "./play-trouble.ts";
import { occupyStage, type Plant, type SimulationSetup } from "./simulated-stages.ts";
import { createWorld, type SimulatedWorld } from "./simulated-world.ts";
import { tracedLog } from "./trace.ts";

export type SeedResult = {
  readonly seed: number;
  readonly verdict: Verdict;
  /** Of the findings; `ended` for a job that ended by itself. Each once. */
  readonly classes: readonly string[];
  /** In sentences: reasons of the verdict, the first findings. */
  readonly why: readonly string[];
  /** Equal for equal worlds: every call, write and record with its time. */
  readonly trace: string;
  readonly virtualMs: number;
  readonly effects: Effects;
};

/** Between two batches of a partition. */
const tickMs = 100;
/** After the heal; a transaction time-out (15 s) and a session (10 s) may have to pass one after the other. */
const drainMs = 90_000;
const askAgainMs = 500;
const whyMax = 5;

/** Errors: `VirtualTimeError` when the world itself stands still; whatever the checks throw. */
export async function simulateSeed(
  setup: SimulationSetup,
  seed: number,
  plant: Plant = {},
): Promise<SeedResult> {
  const over = new AbortController();
  const world = createWorld({ ...setup.scenario, seed }, over.signal);
  const { clock, schedule, kafka } = world;
  try {
    const playing = play(world, setup, plant);
    const facts = await clock.runUntil(playing, 2 * (schedule.healedAtMs + drainMs));
    world.trace.number(clock.monotonicMs());
    return resultOf(world, judge(facts));
  } finally {
    over.abort(new Error("the schedule is over"));
    kafka.close();
  }
}

async function play(
  world: SimulatedWorld,
  setup: SimulationSetup,
  plant: Plant,
): Promise<RunFacts> {
  const { clock, kafka, names, plan, schedule, scenario, trace } = world;
  const occupy = (stage: StageName, slot: number): Slot =>
    occupyStage(world, setup, plant, { stage, slot });
  const [aggregator, elasticsearch, cassandra] = stageNames.map((stage) => occupy(stage, 0));
  const first = { aggregator: aggregator!, elasticsearch: elasticsearch!, cassandra: cassandra! };
  const troubles = schedule.troubles.map((trouble, n) =>
    playTrouble(world, trouble, first, (stage) => occupy(stage, n + 1)),
  );
  const { timeScale } = scenario.fleet;
  const { drawSend } = world;
  const fleet = { plan, kafka, topic: names.topics.raw, clock, tickMs, timeScale, drawSend };
  const acks = await playFleet(fleet);
  await clock.sleep(Math.max(0, schedule.healedAtMs - clock.monotonicMs()));
  await Promise.all(troubles);
  const drain = await drained(world, setup);
  const log = tracedLog(kafka.connect("observer").log, trace);
  const looked = await lookAtTopics(log, plan, names.topics, { span, digestKey });
  const { keyspace, table } = names;
  const scans = lookAtStores(plan, { ...world, keyspace, table }, scenario.stores);
  const stores = [...scans.values()].map(({ rows }) => rows);
  const record = { ...recordOf(scenario, plan.options, scenario.topics.partitions), drain };
  return { record, plan, ...looked, acks, stores, deadLetters: [] };
}

async function drained(
  { clock, kafka, schedule, scenario, failures, over }: SimulatedWorld,
  { jobs }: SimulationSetup,
): Promise<"empty" | "stalled"> {
  const observer = kafka.connect("observer");
  const names = Object.values(jobs).map(({ name }) => name);
  const deadlineMs = schedule.healedAtMs + drainMs;
  while (!(await isDrained(observer, scenario.topics.partitions, names, over))) {
    if (clock.monotonicMs() > deadlineMs || failures.length > 0) return "stalled";
    await clock.sleep(askAgainMs);
  }
  return "empty";
}

function resultOf(
  { scenario, failures, trace, clock, effects }: SimulatedWorld,
  { verdict, findings, reasons }: Judgement,
): SeedResult {
  const ended = failures.map((error) => `a job ended by itself: ${String(error)}`);
  const classes = [
    ...(ended.length > 0 ? ["ended"] : []),
    ...findings.map((finding) => finding.class),
  ];
  const found = findings.map((finding) => JSON.stringify(finding));
  return {
    seed: scenario.seed,
    verdict: ended.length > 0 ? "FAIL" : verdict,
    classes: [...new Set(classes)],
    why: [...ended, ...reasons.map(({ why }) => why), ...found].slice(0, whyMax),
    trace: trace.digest(),
    virtualMs: clock.monotonicMs(),
    effects,
  };
}
