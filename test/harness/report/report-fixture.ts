/** Runs for the reports to tell of: a series as a run of so many seconds leaves it, histograms, hostile texts. */
import { createLatencyHistogram } from "../../../harness/observe/histogram.ts";
import { type Latencies, noLatencies } from "../../../harness/report/latencies-shape.ts";
import type { BrokenOffRun, FinishedRun } from "../../../harness/report/report-run.ts";
import type { Series, SeriesPoint } from "../../../harness/report/series-shape.ts";
import type { Summary } from "../../../harness/report/summary-json.ts";
import { passed } from "./summary-fixture.ts";

/** What somebody might call a device, or write into an exception. */
export const hostileTexts = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "' onmouseover='alert(1)",
  "</title></style><svg/onload=alert(1)>",
  "]]><!-- -- --><![CDATA[",
  "&lt;b&gt; &#x3c;i&#x3e;",
  "line\nbreak\r\ttab",
  "control \u0000\u0008\u001b[2J\u007f\u009b end",
  "right to left \u202egnp.exe\u2066",
  "half a pair \ud800 and no character \uffff",
  "a|b `code` [link](https://evil.example) ![i](//evil.example/x) @team",
  "url(https://evil.example/x) @import 'https://evil.example'",
] as const;

export function seriesOf(seconds: number, change: Partial<SeriesPoint> = {}): Series {
  const points = Array.from({ length: seconds }, (_, second): SeriesPoint => {
    const closing = second % 7 === 6;
    return {
      atMs: second * 1_000 - 500,
      ...(second < seconds * 0.8
        ? { phase: "load", phaseFromMs: 0 }
        : { phase: "drain", phaseFromMs: seconds * 800 }),
      stages: {
        fleet: { total: second * 115_741, perSecond: 115_741, p99Ms: 3 + (second % 5) },
        "raw topic, audited": { total: second * 115_000, perSecond: 115_000, lag: 20_000 },
        aggregator: { total: second * 114_000, perSecond: 114_000, lag: 40_000 },
        elasticsearch: {
          total: second * 3_800,
          perSecond: closing ? 9_000 : 0,
          lag: closing ? 25_000 : 0,
        },
        cassandra: { total: second * 3_800, perSecond: closing ? 25_000 : 0, lag: 0 },
      },
      latencyMs: closing
        ? {
            aggregate: { p50: 200, p99: 310, count: 25_000 },
            "visible.elasticsearch": { p50: 900, p99: 2_500, count: 50 },
          }
        : {},
      ...(second % 5 === 0 ? { processes: processesAt(second) } : {}),
      ...change,
    };
  });
  return { originMs: 1_795_000_000_000, points, damagedLines: 0 };
}

function processesAt(second: number): NonNullable<SeriesPoint["processes"]> {
  const names = [
    "simulator-0",
    "observer-0",
    "aggregator-0",
    "job-elasticsearch-0",
    "job-cassandra-0",
    "kafka",
    "elasticsearch",
    "cassandra",
    "harness",
  ];
  return Object.fromEntries(
    names.map((name, at) => [
      name,
      { cpuSeconds: second * (0.1 + at / 20), maxRssBytes: 3e8 + at * 1e8 },
    ]),
  );
}

export function latenciesOf(samples: number): Latencies {
  const publish = createLatencyHistogram();
  for (let at = 0; at < samples; at++) publish.record(1 + at / 100);
  return { histograms: { publish, sendLag: publish }, damaged: [] };
}

export const scenarioText = "# What happens when all is well.\nname: quick\nseed: 20180301\n";

export function finished(change: Partial<Summary> = {}, seconds = 60): FinishedRun {
  return {
    kind: "finished",
    summary: { ...passed, ...change },
    series: seriesOf(seconds),
    latencies: latenciesOf(10_000),
    scenarioText,
  };
}

export const brokenOff: BrokenOffRun = {
  kind: "broken-off",
  run: "rabcdefgh",
  scenario: "quick",
  seed: 7,
  series: seriesOf(12),
  latencies: noLatencies,
  scenarioText,
};
