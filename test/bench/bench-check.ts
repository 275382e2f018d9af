/**
 * What the checker costs: the harness's own audit and ledger over record batches that the
 * simulator's generator makes, and the judgement of all clauses after the last of them; no server.
 * Generating takes turns with auditing, slab by slab, and is measured beside it. The topics and
 * stores that the judgement looks at are made from the ledger's rows, between two clocks: a run
 * reads them while it drains. Each round is a process of its own, so that its memory is, too.
 *   npm run bench:check [-- --readings 1e9]
 */
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { judge } from "../../harness/checks/judge.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { createPlan } from "../../simulator/plan.ts";
import { auditPass } from "../prove/audit-pass.ts";
import { columns } from "../prove/columns.ts";
import { fleetOf } from "../prove/fleet-of.ts";
import { everyTwoSeconds } from "../prove/progress.ts";
import { createRawLog } from "../prove/raw-log.ts";
import { readingsOf } from "../prove/readings-option.ts";
import { factsOfRightRun } from "../prove/right-pipeline.ts";
import { say } from "./say.ts";

/** As `ten-billion-a-day` has it: sixty readings a window. */
const everyMs = 10_000;
const seed = 20_180_301;
/** Repeated where that is cheap. */
const cheapUpTo = 1e7;
const repeats = 3;

type Figures = {
  readonly records: number;
  readonly devices: number;
  readonly windows: number;
  readonly auditedPerSecond: number;
  readonly auditedPerCpuSecond: number;
  readonly generatedPerSecond: number;
  readonly liveBytes: number;
  readonly residentBytes: number;
  /** Of the process at any time, the judgement and what it looks at included. */
  readonly peakBytes: number;
  readonly verdictSeconds: number;
};

const { values } = parseArgs({
  options: { readings: { type: "string" }, round: { type: "string" } },
});
if (values.round === undefined) measureAll(values.readings);
else console.log(JSON.stringify(measure(readingsOf(values.round))));

function measureAll(wanted: string | undefined): void {
  const sizes = wanted === undefined ? [1e7, 1e8] : [readingsOf(wanted)];
  if (wanted === undefined) {
    say(
      "10^7 and 10^8 readings; for 10^9, ten times as long: npm run bench:check -- --readings 1e9",
    );
  }
  const measured: Figures[] = [];
  for (const readings of sizes) {
    const rounds = readings <= cheapUpTo ? repeats : 1;
    const figures: Figures[] = [];
    for (let round = 1; round <= rounds; round++) {
      say(`${readings.toLocaleString("en")} readings, round ${round} of ${rounds}`);
      figures.push(measureAlone(readings));
    }
    measured.push(medianOf(figures));
  }
  print(measured);
}

/** Errors: whatever ended the round's process; it has said what. */
function measureAlone(readings: number): Figures {
  const command = ["--expose-gc", import.meta.filename, "--round", String(readings)];
  const { status, stdout } = spawnSync(process.execPath, command, {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`a round of ${readings} readings ended with status ${status}`);
  return JSON.parse(stdout) as Figures;
}

function measure(readings: number): Figures {
  const { plan: options, span } = fleetOf(readings, everyMs, seed);
  const plan = createPlan(options);
  const log = createRawLog(plan);
  const pass = auditPass({ plan, span, log, clock, onSlab: everyTwoSeconds(clock) });
  const { audit, records, auditingMs, auditingCpu, generatingMs } = pass;
  const acks = log.sends().map((to, partition) => {
    return { partition, from: 0, to, outcome: "acked" } as const;
  });
  const facts = factsOfRightRun({ plan, span, audit, acks });
  const from = clock.monotonicMs();
  const { verdict, canary } = judge(facts);
  const judgingMs = clock.monotonicMs() - from;
  if (verdict !== "PASS") throw new Error(`a log without fault was judged ${verdict}`);
  say(`${verdict}, canary ${canary.caught} of ${canary.planted}`);
  return {
    records,
    devices: plan.allDevices,
    windows: audit.windows.length,
    auditedPerSecond: records / (auditingMs / 1e3),
    auditedPerCpuSecond: records / (auditingCpu / 1e6),
    generatedPerSecond: records / (generatingMs / 1e3),
    liveBytes: pass.liveBytes,
    residentBytes: pass.residentBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    verdictSeconds: (pass.finishMs + judgingMs) / 1e3,
  };
}

/** Of each figure by itself. */
function medianOf(rounds: readonly Figures[]): Figures {
  const median = (of: keyof Figures): number =>
    rounds.map((each) => each[of]).toSorted((a, b) => a - b)[rounds.length >> 1]!;
  const names = Object.keys(rounds[0]!) as (keyof Figures)[];
  return Object.fromEntries(names.map((name) => [name, median(name)])) as Figures;
}

function print(all: readonly Figures[]): void {
  const [cpu] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  console.log(`npm run bench:check   ${new Date(clock.now()).toISOString()}`);
  console.log(
    `${cpus().length} × ${cpu?.model ?? "unknown CPU"}, ${memory}, Node ${process.version}`,
  );
  const line = (name: string, goal: string, of: (each: Figures) => string) => [
    name,
    ...all.map(of),
    goal,
  ];
  console.log(
    columns([
      line("readings in the log", "goal", ({ records }) => grouped(records)),
      line("devices", "", ({ devices }) => grouped(devices)),
      line("windows, all kept", "", ({ windows }) => grouped(windows)),
      line("audit and ledger, readings/s", ">= 1,000,000 a core", (each) =>
        grouped(each.auditedPerSecond),
      ),
      line("the same, a second of CPU", "", (each) => grouped(each.auditedPerCpuSecond)),
      line("generating beside it, readings/s", "", (each) => grouped(each.generatedPerSecond)),
      line("memory of the audit: heap and arrays", "", (each) => mebibytes(each.liveBytes)),
      line("the same as RSS, garbage and code included", "", (each) =>
        mebibytes(each.residentBytes),
      ),
      line("RSS at most, judgement included", "", (each) => mebibytes(each.peakBytes)),
      line("bytes a device", "", (each) => grouped(each.liveBytes / each.devices)),
      line("bytes a window", "", (each) => (each.liveBytes / each.windows).toFixed(1)),
      line("10^10 readings, by proportion", "<= 256 MB beside open windows", (each) =>
        mebibytes((each.liveBytes / each.records) * 1e10),
      ),
      line("last reading to verdict, s", "<= 60 for 10^7", (each) =>
        each.verdictSeconds.toFixed(2),
      ),
    ]),
  );
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function mebibytes(bytes: number): string {
  return `${grouped(bytes / 2 ** 20)} MiB`;
}
