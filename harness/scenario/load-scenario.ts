/**
 * From a name or path and the command line's options to a full scenario, or to all that is wrong
 * with it.
 */
import { relative } from "node:path";
import { checkShape } from "./check-shape.ts";
import { type CrossFault, crossChecks } from "./cross-checks.ts";
import { crossWarnings } from "./cross-warnings.ts";
import { faultKinds } from "./fault-kinds/fault-catalogue.ts";
import { workOf } from "./fault-target.ts";
import { findScenario } from "./find-scenario.ts";
import type { ScenarioProblem } from "./problem.ts";
import { readJobs } from "./read-jobs.ts";
import { pace, resolveScenario } from "./resolve-scenario.ts";
import type { Scenario, ScenarioJob } from "./scenario.ts";
import { type Override, openDocument, type Path } from "./scenario-document.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { storeOfMetric } from "./threshold-metrics.ts";
import { parseThreshold, type Threshold } from "./thresholds.ts";

/**
 * As typed; `set` holds `path=value` texts. Later ones win, and `set` loses to the named options.
 */
export type ScenarioOverrides = {
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly rate?: string;
  readonly for?: string;
};

export type LoadedScenario =
  | {
      readonly ok: true;
      readonly scenario: Scenario;
      readonly file: string;
      /** The file as it was read, for the run's folder. */
      readonly text: string;
      readonly warnings: readonly ScenarioProblem[];
    }
  | { readonly ok: false; readonly errors: readonly ScenarioProblem[] };

export function loadScenario(
  nameOrPath: string,
  overrides: ScenarioOverrides = {},
): LoadedScenario {
  const found = findScenario(nameOrPath);
  if (!found.ok) {
    const nowhere = { source: nameOrPath, line: undefined, column: undefined, path: "" };
    return { ok: false, errors: [{ ...nowhere, message: found.fault }] };
  }
  const loaded = readScenario(found.file, found.text, overrides);
  return loaded.ok ? { ...loaded, file: found.file } : loaded;
}

/** The same for a text at hand; `file` names it in messages and is where job paths start from. */
export function readScenario(
  file: string,
  text: string,
  overrides: ScenarioOverrides = {},
): LoadedScenario {
  const opened = openDocument(shortest(file), text, overrideList(overrides));
  if (!opened.ok) return opened;
  const { document } = opened;
  const { sound, problems, faulty } = checkShape(document);
  if (sound === undefined) return { ok: false, errors: problems };
  const { jobs, jobFaults } = jobsOf(file, sound);
  const { thresholds, thresholdFaults } = thresholdsOf(sound, jobs, jobFaults.length > 0);
  const say = ({ at, message }: CrossFault) => document.problemAt(at, message);
  const between = [...crossChecks(sound, jobs), ...jobFaults, ...thresholdFaults]
    .filter((fault) => ![fault.at, ...fault.concerns].some((path) => isFaulty(faulty, path)))
    .map(say);
  const errors = [...problems, ...between].sort(byPlace);
  if (errors.length > 0) return { ok: false, errors };
  const warnings = crossWarnings(sound, pace(sound).timeScale).map(say);
  return { ok: true, scenario: resolveScenario(sound, jobs, thresholds), file, text, warnings };
}

function overrideList({ set = [], ...named }: ScenarioOverrides): readonly Override[] {
  const list = set.map((text): Override => {
    const at = text.indexOf("=");
    const path = text.slice(0, Math.max(at, 0)).trim();
    return { option: `--set ${text}`, path, value: text.slice(at + 1) };
  });
  const paths = { seed: "seed", rate: "load.rate", for: "load.for" } as const;
  for (const [name, path] of Object.entries(paths)) {
    const value = named[name as keyof typeof paths];
    if (value !== undefined) list.push({ option: `--${name} ${value}`, path, value });
  }
  return list;
}

function jobsOf(file: string, { jobs: entries, faults }: ScenarioFile) {
  const read = readJobs(file, entries);
  const jobs: ScenarioJob[] = [];
  const jobFaults: CrossFault[] = [];
  for (const one of read) {
    if (one.ok) jobs.push(one.job);
    else jobFaults.push({ at: ["jobs", one.index], concerns: [], message: one.fault });
  }
  return { jobs, jobFaults: jobFaults.length > 0 ? jobFaults : unfilledTargets(faults, jobs) };
}

/** Fault steps on the job of a store that no job fills. */
function unfilledTargets(
  faults: ScenarioFile["faults"],
  jobs: readonly ScenarioJob[],
): readonly CrossFault[] {
  return faults.flatMap((entry, index) =>
    faultKinds.flatMap((kind): CrossFault[] => {
      const store = /^job-(.+)$/.exec(workOf(entry[kind] ?? ""))?.[1];
      if (store === undefined || jobs.some((job) => job.store === store)) return [];
      const message = `no job of this scenario writes to ${store}`;
      return [{ at: ["faults", index, kind], concerns: [["jobs"], ["faults"]], message }];
    }),
  );
}

function thresholdsOf(file: ScenarioFile, jobs: readonly ScenarioJob[], jobsUnknown: boolean) {
  const thresholds: Threshold[] = [];
  const thresholdFaults: CrossFault[] = [];
  for (const [metric, limits] of Object.entries(file.thresholds)) {
    const store = storeOfMetric(metric);
    const unfilled =
      !jobsUnknown && store !== undefined && !jobs.some((job) => job.store === store);
    for (const [index, limit] of [limits].flat().entries()) {
      const at: Path = Array.isArray(limits)
        ? ["thresholds", metric, index]
        : ["thresholds", metric];
      const parsed = parseThreshold(metric, limit);
      const concerns: Path[] = [["jobs"]];
      if (!parsed.ok) thresholdFaults.push({ at, concerns: [], message: parsed.fault });
      else if (!unfilled) thresholds.push(parsed.threshold);
      else
        thresholdFaults.push({
          at,
          concerns,
          message: `no job of this scenario writes to ${store}`,
        });
    }
  }
  return { thresholds, thresholdFaults };
}

function isFaulty(faulty: readonly Path[], path: Path): boolean {
  const named = `${path.join(".")}.`;
  return faulty.some((one) => {
    const other = `${one.join(".")}.`;
    return named.startsWith(other) || other.startsWith(named);
  });
}

function byPlace(a: ScenarioProblem, b: ScenarioProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** Relative to where the user stands, when that is shorter. */
function shortest(file: string): string {
  const short = relative(process.cwd(), file);
  return short !== "" && short.length < file.length ? short : file;
}
