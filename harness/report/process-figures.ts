/** What each process of a run has used, and how it paused, as a person reads it: for the terminal and the page. */
import { bytesText } from "./bytes-text.ts";
import type { ProcessSummary, Summary } from "./summary-json.ts";
import { columns, grouped, shortMs } from "./terminal-text.ts";

/** The run's own processes, then the servers, then the harness. */
export function processesOf(summary: Summary): Readonly<Record<string, ProcessSummary>> {
  const { processes, kafka, elasticsearch, cassandra, harness } = summary;
  const servers = Object.entries({ kafka, elasticsearch, cassandra });
  return {
    ...processes,
    ...Object.fromEntries(servers.flatMap(([name, used]) => (used === null ? [] : [[name, used]]))),
    harness,
  };
}

const notMeasured = "–";

/** `0.4 ms`; what was not measured is no zero. */
export function pauseTexts({ eventLoopDelayMs: loop, gcPauseMs: gc }: ProcessSummary) {
  const measured = loop === undefined || loop.count === 0 ? undefined : loop;
  return {
    loopP99: measured === undefined ? notMeasured : shortMs(measured.p99),
    loopMax: measured === undefined ? notMeasured : shortMs(measured.max),
    gcCount: gc === undefined ? notMeasured : grouped(gc.count),
    gcTotal: gc === undefined ? notMeasured : shortMs(gc.total),
    gcMax: gc === undefined ? notMeasured : shortMs(gc.max),
  };
}

/** Nothing where it would not fit: the page has it all. */
export function processLines(summary: Summary, width: number): readonly string[] {
  const rows = Object.entries(processesOf(summary)).map(([name, used]) => {
    const { loopP99, loopMax, gcTotal, gcMax } = pauseTexts(used);
    const cpu = `${used.cpuSeconds.toFixed(1)} s`;
    return [name, cpu, bytesText(used.maxRssBytes), loopP99, loopMax, gcTotal, gcMax];
  });
  const head = ["process", "CPU", "memory", "loop p99", "max", "GC in all", "max"];
  const lines = columns([head, ...rows]);
  return lines.every((line) => line.length <= width) ? lines : [];
}
