/**
 * Whether the fault steps of a scenario can be played: inside the load, and each on an instance that runs by then.
 * Judged on the moments that were drawn, step by step in their order.
 */
import type { CrossFault } from "./cross-checks.ts";
import { type DrawnStep, drawSteps } from "./draw-steps.ts";
import { definitionOf, type FaultStep } from "./fault-kinds/fault-catalogue.ts";
import { isOfProcess, slotOf, stageOf } from "./fault-target.ts";
import type { ScenarioJob } from "./scenario.ts";
import type { Path } from "./scenario-document.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { printDuration } from "./units.ts";

export function faultChecks(
  file: ScenarioFile,
  jobs: readonly ScenarioJob[],
): readonly CrossFault[] {
  const steps = drawSteps(file.faults, file.seed);
  return distinct([
    ...timeFaults(file),
    ...instanceFaults(file, jobs, steps),
    ...overlapFaults(steps),
  ]);
}

function timeFaults({ load, faults }: ScenarioFile): CrossFault[] {
  const length = load.warmUp + load.for;
  const end = `the end of the load (${printDuration(length)}, warm-up included)`;
  const concerns: Path[] = [["faults"], ["load", "for"], ["load", "warmUp"]];
  return faults.flatMap(({ at, between, for: forMs = 0 }, index): CrossFault[] => {
    const key = between === undefined ? "at" : "between";
    const last = between?.[1] ?? at ?? 0;
    // A drawn moment lies before the end of its interval.
    if (between === undefined ? last >= length : last > length) {
      return [{ at: ["faults", index, key], concerns, message: `lies after ${end}` }];
    }
    if (last + forMs <= length) return [];
    return [{ at: ["faults", index, "for"], concerns, message: `goes on after ${end}` }];
  });
}

/** An instance that no step has brought up, or that one has stopped, cannot be touched. */
function instanceFaults(
  { simulator }: ScenarioFile,
  jobs: readonly ScenarioJob[],
  steps: readonly DrawnStep[],
): readonly CrossFault[] {
  const stoppedAt = new Map<string, number>();
  const started = new Set<string>();
  const first = (stage: string): readonly string[] => {
    const workers = jobs.find(({ store }) => stage === `job-${store}`)?.workers ?? 1;
    return Array.from({ length: workers }, (_, slot) => `${stage}-${slot}`);
  };
  const runs = (target: string): boolean =>
    started.has(target) || (first(stageOf(target)).includes(target) && !stoppedAt.has(target));
  return steps.flatMap(({ step, index }): CrossFault[] => {
    const { kind, target, atMs } = step;
    const fault = (message: string): CrossFault[] => [
      { at: ["faults", index, kind], concerns: [["faults"], ["seed"]], message },
    ];
    const when = printDuration(atMs);
    if (!isOfProcess(kind, target)) return [];
    if (stageOf(target) === "simulator") {
      if (slotOf(target) < simulator.workers) return [];
      const concerns: Path[] = [["faults"], ["simulator", "workers"]];
      const message = `there is no ${target}: simulator.workers is ${simulator.workers}`;
      return [{ at: ["faults", index, kind], concerns, message }];
    }
    if (kind === "start") {
      if (runs(target)) return fault(`${target} runs already at ${when}`);
      started.add(target);
      stoppedAt.delete(target);
      return [];
    }
    if (!runs(target)) {
      const stopped = stoppedAt.get(target);
      return fault(
        stopped === undefined
          ? `${target} does not run at ${when}: no start before it brings it up`
          : `${target} does not run at ${when}: it was stopped at ${printDuration(stopped)}`,
      );
    }
    if (kind !== "stop") return [];
    const others = [...first(stageOf(target)), ...started].filter(
      (name) => name !== target && stageOf(name) === stageOf(target) && runs(name),
    );
    if (others.length === 0) {
      return fault(
        `${target} is the last one of ${stageOf(target)} at ${when}: nobody would go on`,
      );
    }
    started.delete(target);
    stoppedAt.set(target, atMs);
    return [];
  });
}

/** What is done to the same target meanwhile would have two causes, and the two of them one effect. */
function overlapFaults(steps: readonly DrawnStep[]): readonly CrossFault[] {
  return steps.flatMap(({ step: long, index: longIndex }, place): CrossFault[] => {
    const { state } = definitionOf(long.kind);
    if (state === undefined) return [];
    const others = steps.filter(
      ({ step }, at) => at !== place && step.target === long.target && overlaps(long, step),
    );
    const [from, to] = [printDuration(long.atMs), printDuration(endOf(long))];
    return others
      .filter(({ index }) => index >= longIndex)
      .map(({ step, index }) => ({
        at: ["faults", index, step.kind],
        concerns: [["faults"], ["seed"]],
        message: `comes while ${long.target} is ${state} (${from} to ${to})`,
      }));
  });
}

function overlaps(long: FaultStep, other: FaultStep): boolean {
  return other.atMs <= endOf(long) && endOf(other) >= long.atMs;
}

function endOf(step: FaultStep): number {
  return (
    step.atMs +
    (definitionOf(step.kind).state !== undefined && "forMs" in step ? (step.forMs ?? 0) : 0)
  );
}

/** A step that is drawn several times has a fault once. */
function distinct(faults: readonly CrossFault[]): readonly CrossFault[] {
  return [...new Map(faults.map((fault) => [fault.at.join("."), fault])).values()];
}
