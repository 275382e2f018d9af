/**
 * What the checker costs: the harness's own audit and ledger over record batches that the
 * simulator's generator makes, and the judgement of all clauses after the last of them; no server.
 * Generating takes turns with auditing, slab by slab, and is measured beside it. The topics and
 * stores that the judgement looks at are made from the ledger's rows, bucket by bucket, between two
 * clocks: a run reads them while it drains. Each round is a process of its own, so that its memory is, too.
 * What memory a device costs is measured with as many as send 10^10 readings a day.
 *   npm run bench:check [-- --readings 1e9]
 */
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { judge } from "../../harness/checks/judge.ts";
import { rowBytesOf } from "../../harness/facts/table.ts";
import { windowSpec } from "../../harness/facts/window-rows.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { createPlan } from "../../simulator/plan.ts";
import { aliveIn, auditPass, memoryNow, temporaryFolder } from "../prove/audit-pass.ts";
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
/** They send 10^10 readings a day; a minute of it shows what a device costs. */
const manyDevices = Math.round((1e10 * everyMs) / 86_400_000);
const manyFor = 60_000;
/** Its row, and of its members: first index, how many, first boot and seq, 61 bits. */
const bytesPerOpenWindow = rowBytesOf(windowSpec) + 17 + 8;
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
  /** Of plan and audit, at the end of the load. */
  readonly liveBytes: number;
  readonly residentBytes: number;
  readonly openWindows: number;
  /** Of the process at any time, the judgement and what it looks at included. */
  readonly peakBytes: number;
  readonly verdictSeconds: number;
};

type Memory = Pick<Figures, "devices" | "liveBytes" | "openWindows">;

const { values } = parseArgs({
  options: { readings: { type: "string" }, round: { type: "string" } },
});
if (values.round === undefined) measureAll(values.readings);
else if (values.round === "memory") console.log(JSON.stringify(await measureMemory()));
else console.log(JSON.stringify(await measure(readingsOf(values.round))));

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
      figures.push(runAlone<Figures>(String(readings)));
    }
    measured.push(medianOf(figures));
  }
  say(`${grouped(manyDevices)} devices, for their memory`);
  print(measured, runAlone<Memory>("memory"));
}

/** Errors: whatever ended the round's process; it has said what. */
function runAlone<T>(round: string): T {
  const command = ["--expose-gc", import.meta.filename, "--round", round];
  const { status, stdout } = spawnSync(process.execPath, command, {
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the round ${round} ended with status ${status}`);
  return JSON.parse(stdout) as T;
}

async function measure(readings: number): Promise<Figures> {
  const { plan: options, span } = fleetOf(readings, everyMs, seed);
  const before = aliveIn(memoryNow());
  const plan = createPlan(options);
  const planBytes = aliveIn(memoryNow()) - before;
  const log = createRawLog(plan);
  await using folder = await temporaryFolder();
  const onSlab = everyTwoSeconds(clock);
  const pass = await auditPass({ plan, span, log, clock, folder: folder.path, onSlab });
  const { audit, records, auditingMs, auditingCpu, generatingMs } = pass;
  const acks = log.sends().map((to, partition) => {
    return { partition, from: 0, to, outcome: "acked" } as const;
  });
  const facts = factsOfRightRun({ plan, span, audit, acks, clock });
  const from = clock.monotonicMs();
  const { verdict, canary } = judge(facts);
  const judgingMs = clock.monotonicMs() - from - facts.makingMs();
  if (verdict !== "PASS") throw new Error(`a log without fault was judged ${verdict}`);
  say(`${verdict}, canary ${canary.caught} of ${canary.planted}`);
  return {
    records,
    devices: plan.allDevices,
    windows: audit.windows,
    auditedPerSecond: records / (auditingMs / 1e3),
    auditedPerCpuSecond: records / (auditingCpu / 1e6),
    generatedPerSecond: records / (generatingMs / 1e3),
    liveBytes: planBytes + pass.liveBytes,
    residentBytes: pass.residentBytes,
    openWindows: pass.openWindows,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    verdictSeconds: (pass.finishMs + judgingMs) / 1e3,
  };
}

async function measureMemory(): Promise<Memory> {
  const { plan: options, span } = fleetOf(1e8, everyMs, seed);
  const before = aliveIn(memoryNow());
  const plan = createPlan({ ...options, devices: manyDevices, loadMs: manyFor });
  const planBytes = aliveIn(memoryNow()) - before;
  const onSlab = everyTwoSeconds(clock);
  await using folder = await temporaryFolder();
  const log = createRawLog(plan);
  const pass = await auditPass({ plan, span, log, clock, folder: folder.path, onSlab });
  const { openWindows } = pass;
  return { devices: plan.allDevices, liveBytes: planBytes + pass.liveBytes, openWindows };
}

/** Of each figure by itself. */
function medianOf(rounds: readonly Figures[]): Figures {
  const median = (of: keyof Figures): number =>
    rounds.map((each) => each[of]).toSorted((a, b) => a - b)[rounds.length >> 1]!;
  const names = Object.keys(rounds[0]!) as (keyof Figures)[];
  return Object.fromEntries(names.map((name) => [name, median(name)])) as Figures;
}

function print(all: readonly Figures[], many: Memory): void {
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
      line("windows", "", ({ windows }) => grouped(windows)),
      line("audit and ledger, readings/s", ">= 1,000,000 a core", (each) =>
        grouped(each.auditedPerSecond),
      ),
      line("the same, a second of CPU", "", (each) => grouped(each.auditedPerCpuSecond)),
      line("generating beside it, readings/s", "", (each) => grouped(each.generatedPerSecond)),
      line("of them open at the end of the load", "", (each) => grouped(each.openWindows)),
      line("memory of plan and audit", "", (each) => mebibytes(each.liveBytes)),
      line("of it, open windows", "", (each) => mebibytes(openBytes(each))),
      line("what the audit added to RSS", "", (each) => mebibytes(each.residentBytes)),
      line("RSS at most, judgement included", "", (each) => mebibytes(each.peakBytes)),
      line("last reading to verdict, s", "<= 60 for 10^7", (each) =>
        each.verdictSeconds.toFixed(2),
      ),
    ]),
  );
  const { devices, liveBytes, openWindows } = many;
  const rest = liveBytes - openBytes(many);
  console.log(
    `${grouped(devices)} devices, 10^10 readings a day: ${mebibytes(rest)} beside ` +
      `${grouped(openWindows)} open windows (goal: 256 MB), ` +
      `${grouped(rest / devices)} bytes a device, ${bytesPerOpenWindow} bytes an open window`,
  );
}

function openBytes({ openWindows }: Memory): number {
  return openWindows * bytesPerOpenWindow;
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function mebibytes(bytes: number): string {
  return `${grouped(bytes / 2 ** 20)} MiB`;
}
