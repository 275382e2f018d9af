/**
 * The scenario with every default written out: for `validate --print`, and as a file to edit
 * further.
 */
import { relative } from "node:path";
import { stringify } from "yaml";
import type { FaultStep } from "./fault-kinds/fault-catalogue.ts";
import { type Parameter, stepKeys } from "./fault-kinds/fault-definition.ts";
import { printReplay } from "./replay-steps.ts";
import type { Scenario, ScenarioJob } from "./scenario.ts";
import { printBytesPerSecond, printDuration, printShare } from "./units.ts";

/**
 * YAML that loads as the same scenario. `rate` is left out, because it follows from devices and
 * timeScale. Job paths become relative to `folder`, where the text is to lie.
 */
export function printScenario(scenario: Scenario, folder = process.cwd()): string {
  const { fleet, load, time, readings, window, faults, replay, thresholds } = scenario;
  const { format, ...shares } = readings;
  const limits: Record<string, string[]> = {};
  for (const { metric, limit } of thresholds) {
    limits[metric] = [...(limits[metric] ?? []), limit];
  }
  const perSecond = Math.round(load.ratePerSecond);
  const text = stringify({
    name: scenario.name,
    seed: scenario.seed,
    fleet: {
      devices: fleet.devices,
      every: printDuration(fleet.everyMs),
      timeScale: fleet.timeScale,
      ...printHot(fleet),
    },
    load: { for: printDuration(load.forMs), warmUp: printDuration(load.warmUpMs) },
    time: { start: new Date(time.start).toISOString() },
    readings: { format, ...mapValues(shares, printShare) },
    topics: scenario.topics,
    window: {
      size: printDuration(window.sizeMs),
      grace: printDuration(window.graceMs),
      retention: printDuration(window.retentionMs),
      ahead: printDuration(window.aheadMs),
      quorum: window.quorum,
    },
    simulator: scenario.simulator,
    jobs: scenario.jobs.map((job) => printJob(job, folder)),
    faults: faults.map(printFault),
    replay: replay.map(printReplay),
    stores: scenario.stores,
    thresholds: limits,
  });
  return `# ${perSecond} readings a second = devices × timeScale ÷ every\n${text}`;
}

function printHot({ hot }: Scenario["fleet"]): object {
  if (hot === undefined) return {};
  return { hot: { share: printShare(hot.share), every: printDuration(hot.everyMs) } };
}

/** Moments that were drawn stand there as what they came to. */
function printFault(step: FaultStep): Readonly<Record<string, unknown>> {
  const parameters = Object.entries(stepKeys).flatMap(([key, name]) => {
    const value = (step as Readonly<Record<string, unknown>>)[name];
    return value === undefined ? [] : [[key, printParameter(name, value)]];
  });
  const { kind, target, atMs } = step;
  return { at: printDuration(atMs), [kind]: target, ...Object.fromEntries(parameters) };
}

function printParameter(name: (typeof stepKeys)[Parameter], value: unknown): unknown {
  if (typeof value !== "number" || name === "bytes") return value;
  if (name === "share") return printShare(value);
  return name === "bytesPerSecond" ? printBytesPerSecond(value) : printDuration(value);
}

/** As short as the scenario may write it. */
function printJob({ file, workers, config }: ScenarioJob, folder: string): unknown {
  const path = relative(folder, file);
  if (workers === 1 && Object.keys(config).length === 0) return path;
  return { file: path, workers, ...(Object.keys(config).length === 0 ? {} : { config }) };
}

function mapValues<Key extends string>(
  record: Readonly<Record<Key, number>>,
  print: (value: number) => string,
): Record<string, string> {
  const entries = Object.entries<number>(record).map(([key, value]) => [key, print(value)]);
  return Object.fromEntries(entries);
}
