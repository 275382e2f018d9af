import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { latenciesText } from "../../../harness/report/latencies-shape.ts";
import { ReportError, readReportRun } from "../../../harness/report/read-report-run.ts";
import { seriesHeadLine, seriesPointLine } from "../../../harness/report/series-shape.ts";
import { writeSummary } from "../../../harness/report/summary-json.ts";
import { parseSummary } from "../../../harness/report/summary-schema.ts";
import { writeReports, writeReportsOf } from "../../../harness/report/write-reports.ts";
import { latenciesOf, scenarioText, seriesOf } from "./report-fixture.ts";
import { failed, own, passed, paused } from "./summary-fixture.ts";

let root: string;
const file = (name: string): string => join(root, name);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fleetproof-report-"));
  mkdirSync(file("facts"));
});
afterEach(() => rmSync(root, { recursive: true }));

function leaveFacts(): void {
  const series = seriesOf(9);
  const lines = [seriesHeadLine(series.originMs!), ...series.points.map(seriesPointLine)];
  writeFileSync(file("facts/series.ndjson"), lines.join(""));
  writeFileSync(file("facts/latencies.json"), latenciesText(latenciesOf(100).histograms));
  writeFileSync(file("scenario.yaml"), scenarioText);
}

test("a finished run reads back with its summary, series, histograms and scenario", () => {
  leaveFacts();
  writeSummary(file("summary.json"), failed);
  const run = readReportRun(root);
  expect(run).toMatchObject({ kind: "finished", summary: failed, scenarioText });
  expect(run.series.points).toHaveLength(9);
  expect(Object.keys(run.latencies.histograms)).toEqual(["publish", "sendLag"]);
});

test("the pauses of its processes and the deepest percentile of the send lag read back, too", () => {
  const processes = { "job-cassandra-0": { ...own, ...paused }, "aggregator-0": own };
  const sendLagMs = { ...passed.sendLagMs, p99999: 25 };
  const summary = { ...passed, processes, sendLagMs, harness: { ...own, ...paused } };
  writeSummary(file("summary.json"), summary);
  expect(readReportRun(root)).toMatchObject({ kind: "finished", summary });
});

test("without a summary it was broken off: named by its scenario, with what was seen of it", () => {
  leaveFacts();
  const run = readReportRun(root);
  expect(run).toMatchObject({ kind: "broken-off", scenario: "quick", seed: 20180301 });
  expect(run.series.points).toHaveLength(9);
});

test("broken off before anything was recorded, or with a damaged scenario, it is still broken off", () => {
  expect(readReportRun(root)).toMatchObject({ kind: "broken-off" });
  writeFileSync(file("scenario.yaml"), "name: [quick\nseed: : :");
  expect(readReportRun(root)).toMatchObject({ kind: "broken-off", scenario: undefined });
});

test("a damaged summary is one clear sentence, wherever it was cut", () => {
  const text = JSON.stringify(passed);
  fc.assert(
    fc.property(fc.nat(text.length - 1), (length) => {
      writeFileSync(file("summary.json"), text.slice(0, length));
      expect(() => readReportRun(root)).toThrow(ReportError);
      expect(() => readReportRun(root)).toThrow(
        /summary\.json is damaged: it is not whole JSON\. Take/,
      );
    }),
    { numRuns: 20 },
  );
});

test("an altered summary says which field is wrong", () => {
  writeFileSync(file("summary.json"), JSON.stringify({ ...passed, verdict: "FINE" }));
  expect(() => readReportRun(root)).toThrow(/damaged: verdict is not what schema 1 says/);
  writeFileSync(file("summary.json"), JSON.stringify({ ...passed, rate: { perDay: "many" } }));
  expect(() => readReportRun(root)).toThrow(/damaged: rate\.\w+ is not what schema 1 says/);
});

test("a summary of an earlier version has no bursts, and its faults no end", () => {
  const { bursts: _, ...earlier } = passed;
  const fault = { kind: "kill", target: "a", atMs: 1, effect: null, recoveredMs: null };
  const read = parseSummary(JSON.stringify({ ...earlier, faults: [fault] }));
  expect(read).toEqual({ ok: true, summary: { ...passed, faults: [{ ...fault, untilMs: null }] } });
});

test("a folder of something else is no run", () => {
  rmSync(file("facts"), { recursive: true });
  expect(() => readReportRun(root)).toThrow(/is not the folder of a run/);
});

test("reports lie beside the summary, and nothing unfinished does", () => {
  leaveFacts();
  const files = writeReports({ file }, passed, {});
  expect(readFileSync(files.html, "utf8")).toContain("PASS</span> quick");
  expect(readFileSync(files.junit, "utf8")).toContain("<testsuite ");
  expect(readdirSync(root).sort()).toEqual(["facts", "junit.xml", "report.html", "scenario.yaml"]);
});

test("a report names no folder of this machine", () => {
  leaveFacts();
  writeFileSync(
    file("scenario.yaml"),
    `${scenarioText}jobs: [../../${root}/jobs/cassandra.json]\n`,
  );
  const reasons = [`${root}/logs/kafka.log ends here`];
  const { html, junit } = writeReports({ file }, { ...passed, verdict: "UNKNOWN", reasons }, {});
  for (const text of [html, junit].map((path) => readFileSync(path, "utf8"))) {
    expect(text).not.toContain(root);
    expect(text).not.toContain(`${tmpdir()}/`);
    expect(text).toContain("…/kafka.log ends here");
  }
});

test("the step summary is appended where GitHub asks for it, and only then", () => {
  const steps = file("steps.md");
  writeFileSync(steps, "before\n");
  writeReports({ file }, passed, {});
  expect(readFileSync(steps, "utf8")).toBe("before\n");
  writeReportsOf(readReportRun(root), root, { GITHUB_STEP_SUMMARY: steps });
  expect(readFileSync(steps, "utf8")).toMatch(/^before\n## ❔ UNKNOWN/);
});

test("a report that cannot be written is a sentence, and the others are written", () => {
  const steps = file("no/such/steps.md");
  const { problems, html } = writeReports({ file }, passed, { GITHUB_STEP_SUMMARY: steps });
  expect(problems).toEqual([
    expect.stringMatching(/^The report \S+steps\.md cannot be written: ENOENT/),
  ]);
  expect(readFileSync(html, "utf8")).toContain("PASS</span>");
});

test("whatever numbers an altered series holds, a report comes of it in time", () => {
  const wild = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(-1e300, 1e300, 0),
  );
  const line = fc.record({
    atMs: wild,
    total: wild,
    perSecond: wild,
    lag: wild,
    p99: wild,
    cpuSeconds: wild,
  });
  fc.assert(
    fc.property(wild, fc.array(line, { maxLength: 8 }), (originMs, lines) => {
      const points = lines.map(({ atMs, total, perSecond, lag, p99, cpuSeconds }) => ({
        atMs,
        phase: "load",
        phaseFromMs: atMs,
        stages: { fleet: { total, perSecond, lag, p99Ms: p99 } },
        latencyMs: { aggregate: { p50: p99, p99, count: 1 } },
        processes: { kafka: { cpuSeconds, maxRssBytes: total } },
      }));
      const text = [{ schema: 1, originMs }, ...points]
        .map((one) => JSON.stringify(one))
        .join("\n");
      writeFileSync(file("facts/series.ndjson"), `${text}\n`);
      writeReportsOf(readReportRun(root), root, {});
      expect(readFileSync(file("report.html"), "utf8")).not.toMatch(/NaN|Infinity/);
    }),
    { numRuns: 60 },
  );
});
