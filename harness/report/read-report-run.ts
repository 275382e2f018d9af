/**
 * Reads what reports are made of from a run folder: its summary, the scenario as played, series and histograms. A
 * folder without a summary is a run that was broken off; a summary that is damaged is an error, because a report
 * made without it would say less than was known.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { latenciesFile, noLatencies, parseLatencies } from "./latencies-shape.ts";
import { summaryWithoutPlaces, withoutPlaces } from "./places.ts";
import type { ReportRun } from "./report-run.ts";
import { noSeries, parseSeries, seriesFile } from "./series-shape.ts";
import type { Summary } from "./summary-json.ts";
import { parseSummary } from "./summary-schema.ts";

/** A folder from which no report can be made: none of a run, or its summary is damaged. */
export class ReportError extends Error {
  readonly code = "report-impossible";

  constructor(message: string) {
    super(message);
    this.name = "ReportError";
  }
}

/** @throws ReportError */
export function readReportRun(root: string): ReportRun {
  const summaryText = readIfThere(join(root, "summary.json"));
  const scenarioText = readIfThere(join(root, "scenario.yaml"));
  if (summaryText === undefined && scenarioText === undefined && !existsSync(join(root, "facts"))) {
    throw new ReportError(
      `${root} is not the folder of a run: it has neither a summary nor facts.`,
    );
  }
  if (summaryText === undefined) {
    const { name, seed } = scenarioFacts(scenarioText);
    const head = { run: basename(root), scenario: name, seed };
    return { kind: "broken-off", ...head, ...recorded(root) };
  }
  const parsed = parseSummary(summaryText);
  if (!parsed.ok) {
    throw new ReportError(
      `${join(root, "summary.json")} is damaged: ${parsed.why}. ` +
        "Take it from a copy, or judge the run again with `fleetproof verify`.",
    );
  }
  return finishedRun(root, parsed.summary);
}

/** A run whose summary is at hand: just made, or judged again. */
export function finishedRun(root: string, summary: Summary): ReportRun {
  return { kind: "finished", summary: summaryWithoutPlaces(summary), ...recorded(root) };
}

function recorded(root: string): Pick<ReportRun, "series" | "latencies" | "scenarioText"> {
  const series = readIfThere(join(root, "facts", seriesFile));
  const latencies = readIfThere(join(root, "facts", latenciesFile));
  const scenario = readIfThere(join(root, "scenario.yaml"));
  return {
    series: series === undefined ? noSeries : parseSeries(series),
    latencies: latencies === undefined ? noLatencies : parseLatencies(latencies),
    scenarioText: scenario === undefined ? undefined : withoutPlaces(scenario),
  };
}

const scenarioHead = z.object({
  name: z.string().optional().catch(undefined),
  seed: z.number().optional().catch(undefined),
});

/** Only to say which run it was: a scenario that no longer loads still has its name. */
function scenarioFacts(text: string | undefined): z.infer<typeof scenarioHead> {
  try {
    return scenarioHead.parse(parse(text ?? ""));
  } catch {
    return {};
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
      return undefined;
    throw new ReportError(`${file} cannot be read: ${(error as Error).message}.`);
  }
}
