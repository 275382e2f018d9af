/** Things that a run survives, but that leave it little to prove. */
import type { CrossFault } from "./cross-checks.ts";
import { faultKinds } from "./fault-kinds/fault-catalogue.ts";
import { isOfProcess, workOf } from "./fault-target.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { printDuration } from "./units.ts";

/**
 * The session time-out of the pipeline's jobs, and a second for the group to act on it: whoever is stopped for less
 * is still a member when it goes on.
 */
const evictedAfterMs = 11_000;

export function crossWarnings(file: ScenarioFile, timeScale: number): readonly CrossFault[] {
  return [...windowWarnings(file, timeScale), ...pauseWarnings(file), ...recoveryWarnings(file)];
}

function windowWarnings(
  { load, window, time }: ScenarioFile,
  timeScale: number,
): readonly CrossFault[] {
  const eventMs = (load.warmUp + load.for) * timeScale;
  // Windows lie on multiples of their size, wherever the load begins.
  const firstEnd = Math.floor(time.start / window.size) * window.size + window.size;
  const closesAfterMs = firstEnd + window.grace - time.start;
  if (eventMs >= closesAfterMs) return [];
  const message =
    `no window closes during the load: it covers ${printDuration(Math.round(eventMs))} of ` +
    `event time, the first window closes after ${printDuration(closesAfterMs)}`;
  return [{ at: ["load", "for"], concerns: [], message }];
}

function pauseWarnings({ faults }: ScenarioFile): readonly CrossFault[] {
  return faults.flatMap(({ pause, for: forMs = 0 }, index): CrossFault[] => {
    if (pause === undefined || !isOfProcess("pause", pause)) return [];
    if (forMs >= evictedAfterMs) return [];
    const message =
      `is shorter than the session time-out of the jobs (10s) and the second after it: ` +
      `the group evicts nobody, ${pause} never becomes a zombie`;
    return [{ at: ["faults", index, "for"], concerns: [], message }];
  });
}

/** A threshold that nothing can meet is better known before the run than after it. */
function recoveryWarnings({ faults, thresholds }: ScenarioFile): readonly CrossFault[] {
  const touched = new Set(
    faults.flatMap((step) => faultKinds.map((kind) => workOf(step[kind] ?? ""))),
  );
  return Object.keys(thresholds).flatMap((metric): CrossFault[] => {
    const stage = /^recoveredMs(?:\.(.+))?$/.exec(metric);
    if (stage === null) return [];
    const [, of] = stage;
    if (of === undefined ? touched.size > 0 : touched.has(of)) return [];
    const message = `no fault step touches ${of ?? "anything"}: it will not be measured, and is missed`;
    return [{ at: ["thresholds", metric], concerns: [], message }];
  });
}
