/**
 * `fleetproof simulate`: the unchanged pipeline and checks in virtual time, under one schedule of troubles for each
 * seed. What fails is printed with the command that repeats it to the letter.
 */
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { type Clock, systemClock } from "../../simulator/clock.ts";
import { plantableFault } from "../simulation/plantable.ts";
import type { SeedResult } from "../simulation/simulate-seed.ts";
import { type Simulation, simulateSeeds } from "../simulation/simulate-seeds.ts";
import { exitCodes } from "./exit-codes.ts";
import { UnusableError } from "./unusable-error.ts";

type Options = { readonly seeds: string; readonly from: string; readonly bug?: string };

type Surroundings = {
  readonly stdout: { readonly write: (text: string) => unknown };
  readonly stderr: { readonly write: (text: string) => unknown };
  readonly clock: Clock;
};

const here: Surroundings = { stdout: process.stdout, stderr: process.stderr, clock: systemClock };

/** A day of two cores; a typo should not take a week. */
const seedsMax = 10_000_000;
/** Threads beyond it only wait for memory. */
const threadsMax = 16;
const progressEveryMs = 2_000;
/** Failed schedules that are printed; the others differ from them by their seed. */
const printedMax = 10;

export function addSimulateCommand(
  program: Command,
  finish: (code: number) => void,
  { stdout, stderr, clock }: Surroundings = here,
): void {
  program
    .command("simulate")
    .description(
      "Runs the unchanged aggregator, both persisting jobs and the checks on an in-memory Kafka " +
        "and in-memory stores in virtual time: one schedule of crashes, lost answers, delays, " +
        "rebalances and outages for each seed. Needs no servers.",
    )
    .option("--seeds <n>", "how many schedules", "1000")
    .option("--from <seed>", "the first seed", "1")
    .option("--bug <name>", "with this planted bug: how soon is it found? (in a checkout only)")
    .addHelpText("after", help)
    .action(async (options: Options) => {
      const seeds = whole("--seeds", options.seeds, 1, seedsMax);
      const from = whole("--from", options.from, 0, Number.MAX_SAFE_INTEGER - seedsMax);
      const { bug } = options;
      const fault = bug === undefined ? undefined : plantableFault(bug);
      if (fault !== undefined) throw new UnusableError(fault);
      const threads = Math.min(seeds, threadsMax, availableParallelism());
      const beganMs = clock.monotonicMs();
      const seconds = (): number => (clock.monotonicMs() - beganMs) / 1_000;
      let soFar: Simulation | undefined;
      const over = new AbortController();
      const telling = tellProgress(clock, over.signal, () => {
        stderr.write(`${progressLine(soFar?.done ?? 0, seeds, soFar?.failures ?? 0)}\n`);
      });
      try {
        const onProgress = (sums: Simulation): void => {
          soFar = sums;
        };
        const simulation = await simulateSeeds({ from, seeds, threads, bug, onProgress });
        stdout.write(report(simulation, { from, bug, seconds: seconds() }));
        finish(simulation.failures > 0 ? exitCodes.fail : exitCodes.pass);
      } finally {
        over.abort(new Error("the simulation is over"));
        await telling;
      }
    });
}

async function tellProgress(clock: Clock, over: AbortSignal, tell: () => void): Promise<void> {
  while (!over.aborted) {
    const isOver = await clock.sleep(progressEveryMs, over).then(
      () => false,
      () => true, // only the end wakes it early
    );
    if (!isOver) tell();
  }
}

function progressLine(done: number, seeds: number, failed: number): string {
  return `${count(done)} of ${count(seeds)} schedules, ${count(failed)} failed`;
}

/** What came of it, in lines. Pure. */
export function report(
  { done, virtualMs, troubles, failures, failed }: Simulation,
  asked: {
    readonly from: number;
    readonly bug: string | undefined;
    readonly seconds: number;
  },
): string {
  const { from, bug, seconds } = asked;
  const hours = (virtualMs / 3_600_000).toFixed(1);
  const pace = `${count(done)} schedules in ${seconds.toFixed(1)} s (${hours} h of virtual time, ${count(troubles)} troubled calls)`;
  const shown = failed.slice(0, printedMax).flatMap((result) => failureLines(result, bug));
  const more = failures - printedMax;
  const [first] = failed;
  const found =
    first === undefined
      ? `The planted bug ${bug} was not found.`
      : `The planted bug ${bug} was found by ${count(failures)} of ${count(done)} schedules, ` +
        `first after ${count(first.seed - from + 1)}.`;
  return [
    ...shown,
    ...(more > 0 ? [`… and ${count(more)} more.`] : []),
    ...(bug === undefined ? [] : [found]),
    failures === 0 ? `PASS: ${pace}` : `FAIL: ${count(failures)} of ${pace}`,
    "",
  ].join("\n");
}

function failureLines(result: SeedResult, bug: string | undefined): readonly string[] {
  const { seed, verdict, classes, why } = result;
  const again = `fleetproof simulate --seeds 1 --from ${seed}`;
  const withBug = `NODE_OPTIONS=--conditions=planted ${again} --bug ${bug}`;
  return [
    `seed ${seed}: ${verdict} ${classes.join(", ")}`,
    ...why.map((sentence) => `  ${sentence}`),
    `  again: ${bug === undefined ? again : withBug}`,
  ];
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UnusableError(
    `${option} ${text} is no whole number of ${count(least)} to ${count(most)}.`,
  );
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

const help = `
A failed schedule is printed with its seed, verdict, classes, and the command that repeats it exactly.

Exit codes: 0 every schedule was judged PASS, 3 one was not, 2 unusable options.

Examples:
  fleetproof simulate --seeds 10000
  fleetproof simulate --seeds 1 --from 4711`;
