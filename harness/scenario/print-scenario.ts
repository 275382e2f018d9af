/**
 * The scenario with every default written out: for `validate --print`, and as a file to edit
 * further.
 */
import { relative } from "node:path";
import { stringify } from "yaml";
import type { FaultStep, Scenario } from "./scenario.ts";
import { printDuration, printShare } from "./units.ts";

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
    jobs: scenario.jobs.map(({ file }) => relative(folder, file)),
    faults: faults.map(printFault),
    replay: replay.map(({ kind, atMs }) => ({
      [kind]: atMs === undefined ? "at-rest" : printDuration(atMs),
    })),
    stores: scenario.stores,
    thresholds: limits,
  });
  return `# ${perSecond} readings a second = devices × timeScale ÷ every\n${text}`;
}

/** Moments that were drawn stand there as what they came to. */
function printFault(step: FaultStep): Readonly<Record<string, string>> {
  const { kind, target, atMs } = step;
  const length = kind === "pause" ? { for: printDuration(step.forMs) } : {};
  return { at: printDuration(atMs), [kind]: target, ...length };
}

function mapValues<Key extends string>(
  record: Readonly<Record<Key, number>>,
  print: (value: number) => string,
): Record<string, string> {
  const entries = Object.entries<number>(record).map(([key, value]) => [key, print(value)]);
  return Object.fromEntries(entries);
}
