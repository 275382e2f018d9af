/**
 * Whether the fault steps of a scenario can be played: inside the load, and each on an instance that runs by then.
 * Judged on the moments that were drawn, step by step in their order.
 */
import type { CrossFault } from "./cross-checks.ts";
import { type DrawnStep, drawSteps } from "./draw-steps.ts";
import { slotOf, stageOf } from "./fault-target.ts";
import type { FaultStep } from "./scenario.ts";
import type { Path } from "./scenario-document.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { printDuration } from "./units.ts";

export function faultChecks(file: ScenarioFile): readonly CrossFault[] {
  const steps = drawSteps(file.faults, file.seed);
  return distinct([...timeFaults(file), ...instanceFaults(file, steps), ...pauseFaults(steps)]);
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
  steps: readonly DrawnStep[],
): readonly CrossFault[] {
  const stoppedAt = new Map<string, number>();
  const started = new Set<string>();
  const runs = (target: string): boolean =>
    started.has(target) || (slotOf(target) === 0 && !stoppedAt.has(target));
  return steps.flatMap(({ step, index }): CrossFault[] => {
    const { kind, target, atMs } = step;
    const fault = (message: string): CrossFault[] => [
      { at: ["faults", index, kind], concerns: [["faults"], ["seed"]], message },
    ];
    const when = printDuration(atMs);
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
    const others = [`${stageOf(target)}-0`, ...started].filter(
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

function pauseFaults(steps: readonly DrawnStep[]): readonly CrossFault[] {
  return steps.flatMap(({ step: pause, index: pauseIndex }, place): CrossFault[] => {
    if (pause.kind !== "pause") return [];
    const others = steps.filter(
      ({ step }, at) => at !== place && step.target === pause.target && overlaps(pause, step),
    );
    const [from, to] = [printDuration(pause.atMs), printDuration(pause.atMs + pause.forMs)];
    return others
      .filter(({ index }) => index >= pauseIndex)
      .map(({ step, index }) => ({
        at: ["faults", index, step.kind],
        concerns: [["faults"], ["seed"]],
        message: `comes while ${pause.target} is paused (${from} to ${to})`,
      }));
  });
}

function overlaps(pause: FaultStep & { kind: "pause" }, other: FaultStep): boolean {
  const otherEndMs = other.atMs + (other.kind === "pause" ? other.forMs : 0);
  return other.atMs <= pause.atMs + pause.forMs && otherEndMs >= pause.atMs;
}

/** A step that is drawn several times has a fault once. */
function distinct(faults: readonly CrossFault[]): readonly CrossFault[] {
  return [...new Map(faults.map((fault) => [fault.at.join("."), fault])).values()];
}
