/**
 * Places where a test or a run kills the process on purpose: around every boundary of a commit. A crash is no
 * error to recover from: it ends the loop as kill -9 would, without abort, leave or close.
 */

export type CrashPointName =
  | "after-assign"
  | "after-recover"
  | "before-outputs"
  | "after-outputs"
  | "before-checkpoint"
  | "after-checkpoint"
  | "before-commit"
  | "after-commit";

export type CrashPoint = (name: CrashPointName) => void | Promise<void>;

/** What the crash point threw is the `cause`. */
export class SimulatedCrash extends Error {
  readonly code = "simulated-crash";

  constructor(name: CrashPointName, cause: unknown) {
    super(`crashed at ${name}`, { cause });
    this.name = "SimulatedCrash";
  }
}

/** Turns whatever `point` throws into a crash, so that no recovery takes it for a fault of the broker. */
export function createCrashPoint(
  point: CrashPoint | undefined,
): (name: CrashPointName) => Promise<void> {
  return async (name) => {
    try {
      await point?.(name);
    } catch (cause) {
      throw new SimulatedCrash(name, cause);
    }
  };
}
