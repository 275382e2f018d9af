/**
 * A run with everything around it: run id and folder, stack (own, kept, or to be kept), live view, the run, its
 * judgement, the closing summary. Whatever happens, what was started is ended, and the folder stays.
 */
import { writeFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { runNames } from "../../pipeline/contract/names.ts";
import { createPlan } from "../../simulator/plan.ts";
import { sealRunFolder } from "../facts/manifest.ts";
import { closingSummary } from "../report/closing-summary.ts";
import { latenciesFile } from "../report/latencies-shape.ts";
import { openLiveView } from "../report/live-view.ts";
import { type Summary, writeSummary } from "../report/summary-json.ts";
import { terminalOf } from "../report/terminal.ts";
import { inkFor } from "../report/terminal-text.ts";
import { violationsFile, writeViolations } from "../report/violations.ts";
import { writeReports } from "../report/write-reports.ts";
import { writeLatencies } from "../run/figures/latency-facts.ts";
import { type JudgedRun, judgeRun } from "../run/judge-run.ts";
import { createLiveStatus, type LiveStatus } from "../run/live-status.ts";
import { playRun } from "../run/play-run.ts";
import type { RunContext } from "../run/run-context.ts";
import { createRunFolder, type RunFolder } from "../run/run-folder.ts";
import { newRunId } from "../run/run-id.ts";
import { summarise } from "../run/summarise.ts";
import { planOptionsOf } from "../scenario/plan-options.ts";
import { printScenario } from "../scenario/print-scenario.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { openStack } from "../stack/open-stack.ts";
import type { RunningStack } from "../stack/running-stack.ts";
import { startStack } from "../stack/start-stack.ts";
import type { Interrupts } from "./interrupts.ts";
import { runJobs } from "./job-problems.ts";
import { type LocalHome, localHome } from "./local-home.ts";
import { memoryNeeded, memoryWarning } from "./memory-needed.ts";
import { diskLoadOf, memoryLoadOf } from "./requirements.ts";
import { stackProgressLines } from "./stack-progress.ts";
import { UnusableError } from "./unusable-error.ts";

/** As typed. */
export type RunOptions = {
  readonly seed?: string;
  readonly rate?: string;
  readonly for?: string;
  readonly set: readonly string[];
  /** Of a kept stack. */
  readonly stack?: string;
  readonly keep?: boolean;
  /** Where run folders are made. */
  readonly out: string;
};

/** A longer load earns back what the servers' optimizing compiler takes at first. */
const quickCompilerUpToMs = 5 * 60_000;

export async function performRun(
  scenario: Scenario,
  options: Pick<RunOptions, "stack" | "keep" | "out">,
  interrupts: Interrupts,
): Promise<Summary> {
  const local = localHome();
  const { clock } = local;
  const startedAtMs = clock.now();
  const run = newRunId();
  const folder = createFolder(options.out, run);
  writeFileSync(folder.file("scenario.yaml"), printScenario(scenario, folder.root));
  const terminal = terminalOf(process.stdout, process.env);
  const ink = inkFor(terminal.isTTY, process.env);
  const view = openLiveView(terminal, ink, clock);
  const status = createLiveStatus({ scenario: scenario.name, run, view, clock });
  status.say(
    `${scenario.name}, seed ${scenario.seed}, run ${run}, folder ${relative(process.cwd(), folder.root)}`,
  );
  const need = memoryNeeded(memoryLoadOf(scenario, options.stack === undefined));
  const warning = memoryWarning(need, process.availableMemory());
  if (warning !== undefined) status.say(warning);
  try {
    await using stack = await openOrStart(scenario, options, {
      run,
      folder,
      status,
      local,
      interrupts,
    });
    if (options.keep && stack.name === undefined) await stack.keep(run);
    const planOptions = planOptionsOf(scenario);
    const context: RunContext = {
      run,
      names: runNames(run),
      scenario,
      plan: createPlan(planOptions),
      planOptions,
      jobs: runJobs(scenario, run),
      folder,
      registry: local.registry,
      stack,
      clock,
      interrupted: interrupts.drain,
      signal: interrupts.atOnce,
    };
    const played = await playRun(context, status);
    status.phase("judge", "comparing every reading");
    const judged = await judgeRun(context, played);
    const durationMs = clock.now() - startedAtMs;
    const summary = summarise(context, played, judged, { startedAtMs, durationMs });
    await putOnFile(folder, judged, summary, status);
    status.phase("end", stack.name === undefined ? "stopping the servers" : "the stack stays up");
    await stack.stop();
    status.close();
    const lines = closingSummary(summary, filesOf(folder, summary), terminal.width(), ink);
    process.stdout.write(`\n${lines.join("\n")}\n`);
    return summary;
  } finally {
    status.close();
  }
}

/** The manifest comes last: what is written behind it would look like an alteration. */
async function putOnFile(
  folder: RunFolder,
  { judgement, sendLag, latencies }: JudgedRun,
  summary: Summary,
  status: LiveStatus,
): Promise<void> {
  writeLatencies(folder.facts(latenciesFile), { sendLag, ...latencies });
  writeSummary(folder.file("summary.json"), summary);
  writeViolations(folder.file(violationsFile), summary.run, judgement);
  for (const problem of writeReports(folder, summary, process.env).problems) status.say(problem);
  await sealRunFolder(folder.root);
}

function createFolder(out: string, run: string): RunFolder {
  try {
    return createRunFolder(out, run);
  } catch (error) {
    throw new UnusableError((error as Error).message, { cause: error });
  }
}

async function openOrStart(
  scenario: Scenario,
  { stack: name, keep }: Pick<RunOptions, "stack" | "keep">,
  at: {
    readonly run: string;
    readonly folder: RunFolder;
    readonly status: LiveStatus;
    readonly local: LocalHome;
    readonly interrupts: Interrupts;
  },
): Promise<RunningStack> {
  const { run, folder, status, local, interrupts } = at;
  if (name !== undefined) return openStack(name, local);
  status.phase("stack", "starting Kafka, Elasticsearch and Cassandra");
  // Nothing was sent yet: the first Ctrl-C is enough to end here.
  const signal = AbortSignal.any([interrupts.drain, interrupts.atOnce]);
  const onProgress = stackProgressLines((line) => status.say(line));
  const load = diskLoadOf(scenario);
  const short = scenario.load.warmUpMs + scenario.load.forMs <= quickCompilerUpToMs && !keep;
  const compiler = short ? "quick" : "full";
  const own = { id: run, folder: folder.root, signal, onProgress, load, compiler } as const;
  return await startStack({ ...local, ...own });
}

function filesOf(
  { root, file }: RunFolder,
  { violations }: Summary,
): readonly (readonly [string, string])[] {
  const shown = (path: string): string => relative(process.cwd(), path) || basename(path);
  const found = (violations?.all ?? 0) > 0;
  return [
    ...(found ? [["all findings", shown(file(violationsFile))] as const] : []),
    ["report", shown(file("report.html"))],
    ["summary", shown(file("summary.json"))],
    ["scenario", shown(file("scenario.yaml"))],
    ["facts and logs", shown(root)],
  ];
}
