/**
 * What the checker costs: the harness's own audit and ledger over record batches that the
 * simulator's generator makes, and the judgement of all clauses after the last of them; no server.
 * Generating takes turns with auditing, slab by slab, and is measured beside it. The topics and
 * stores that the judgement looks at are made from the ledger's rows, bucket by bucket, between two
 * clocks: a run reads them while it drains. Each round is a process of its own, so that its memory is, too.
 * What memory a device costs is measured with as many as send 10^10 readings a day.
 *   npm run bench:check [-- --readings 1e7]   (else 10^7, 10^8 and 10^9, one after the other)
 */
import { judge } from "../../harness/checks/judge.ts";
import { cellBytes } from "../../harness/expected/window-cells.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { createPlan } from "../../simulator/plan.ts";
import { auditPass, temporaryFolder } from "../prove/audit-pass.ts";
import { fleetOf } from "../prove/fleet-of.ts";
import { aliveIn, memoryNow } from "../prove/memory-now.ts";
import { everyTwoSeconds } from "../prove/progress.ts";
import { createRawLog } from "../prove/raw-log.ts";
import { factsOfRightRun } from "../prove/right-pipeline.ts";
import { type BenchRow, rowOf } from "./bench-result.ts";
import { commandLine, wholeNumber } from "./command-line.ts";
import { benchOptions, type Reporting, reportBench, reportingOf } from "./report-bench.ts";
import { runAlone } from "./run-alone.ts";
import { say } from "./say.ts";

/** As `ten-billion-a-day` has it: sixty readings a window. */
const everyMs = 10_000;
const seed = 20_180_301;
/** They send 10^10 readings a day; a minute of it shows what a device costs. */
const manyDevices = Math.round((1e10 * everyMs) / 86_400_000);
const manyFor = 60_000;
/** Its cell, and of its members: first index, how many, first boot and seq, 61 bits. */
const bytesPerOpenWindow = cellBytes + 17 + 8;
const mebibyte = 2 ** 20;
/** Repeated where that is cheap. */
const cheapUpTo = 1e7;

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

const values = commandLine(import.meta.filename, {
  ...benchOptions,
  readings: { type: "string" },
  round: { type: "string" },
});
if (values.round === undefined) measureAll(values.readings, reportingOf(values));
else if (values.round === "memory") console.log(JSON.stringify(await measureMemory()));
else console.log(JSON.stringify(await measure(Number(values.round))));

function measureAll(wanted: string | undefined, reporting: Reporting): void {
  const sizes =
    wanted === undefined ? [1e7, 1e8, 1e9] : [wholeNumber("readings", wanted, 1e5, 1e10)];
  if (wanted === undefined) {
    say("10^7, 10^8 and 10^9 readings: half an hour; one of them alone: --readings 1e7");
  }
  const rows = sizes.flatMap((readings) => {
    const rounds = readings <= cheapUpTo ? reporting.rounds : 1;
    const figures = Array.from({ length: rounds }, (_, round) => {
      say(`${grouped(readings)} readings, round ${round + 1} of ${rounds}`);
      return runAlone<Figures>(import.meta.filename, String(readings));
    });
    return rowsOf(`${grouped(figures[0]!.records)} readings`, figures);
  });
  say(`${grouped(manyDevices)} devices, for their memory`);
  const many = runAlone<Memory>(import.meta.filename, "memory");
  const goals = "goals: 1,000,000 readings/s a core; 10^10 readings a day in 256 MB beside the";
  const notes = [
    "each round a process of its own; generating takes turns with auditing, and is not counted",
    `${goals} open windows; 60 s from the last of 10^7 readings to the verdict`,
  ];
  const measured = { bench: "check", versions: {}, rows: [...rows, ...memoryRows(many)], notes };
  reportBench(measured, reporting, clock.now());
}

function rowsOf(name: string, all: readonly Figures[]): readonly BenchRow[] {
  const row = (unit: string, better: BenchRow["better"], of: (each: Figures) => number): BenchRow =>
    rowOf({ name, unit, better, values: all.map(of) });
  return [
    row("audited and booked, readings/s", "more", (each) => each.auditedPerSecond),
    row("the same a second of CPU", "more", (each) => each.auditedPerCpuSecond),
    row("generated beside it, readings/s", "more", (each) => each.generatedPerSecond),
    row("s from the last reading to the verdict", "less", (each) => each.verdictSeconds),
    row("devices", "more", (each) => each.devices),
    row("windows", "more", (each) => each.windows),
    row("of them open at the end of the load", "more", (each) => each.openWindows),
    row("MiB of plan and audit then", "less", (each) => each.liveBytes / mebibyte),
    row("MiB of it in open windows", "less", (each) => openBytes(each) / mebibyte),
    row("MiB that the audit added to RSS", "less", (each) => each.residentBytes / mebibyte),
    row("MiB of RSS at most, judgement included", "less", (each) => each.peakBytes / mebibyte),
  ];
}

/** Of 10^10 readings a day. */
function memoryRows(many: Memory): readonly BenchRow[] {
  const { devices, openWindows, liveBytes } = many;
  const name = `${grouped(devices)} devices, 10^10 readings a day`;
  const rest = liveBytes - openBytes(many);
  const row = (unit: string, value: number): BenchRow =>
    rowOf({ name, unit, better: "less", values: [value] });
  return [
    row("MiB beside the open windows", rest / mebibyte),
    row("open windows", openWindows),
    row("bytes a device", rest / devices),
    row("bytes an open window", bytesPerOpenWindow),
  ];
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

function openBytes({ openWindows }: Memory): number {
  return openWindows * bytesPerOpenWindow;
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
