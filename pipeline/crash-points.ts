/**
 * Crash points: named places around every boundary of a commit, where a run may end a job's process as kill -9 would:
 * without a word to anybody. A job calls its port at each, once for a batch or a commit and never for a record. In a
 * process nothing happens there unless its supervisor has armed the point over their channel (`start-job.ts`).
 */

/** What each stands for: `harness/scenario/fault-kinds/crash-point-names.ts`. */
export const aggregatorPoints = [
  "after-assign",
  "after-recover",
  "before-outputs",
  "after-outputs",
  "before-checkpoint",
  "after-checkpoint",
  "before-commit",
  "after-offsets",
  "after-commit",
] as const;
export type AggregatorPoint = (typeof aggregatorPoints)[number];

export const taskPoints = [
  "before-write",
  "after-write",
  "before-dead-letters",
  "after-dead-letters",
  "before-commit",
  "after-commit",
] as const;
export type TaskPoint = (typeof taskPoints)[number];

/** The port. What it throws, or a process that is gone, is the crash. */
export type CrashPort<Point extends string> = (point: Point) => void | Promise<void>;

export type ArmedCrash = {
  readonly reach: (point: string) => void;
  /**
   * `{type: "crash-at", point, times?}`: ends the process at the `times`-th passage of the point from now on (1);
   * `{type: "crash-never"}` takes that back. Whatever else comes is not for this port.
   */
  readonly hear: (message: unknown) => void;
};

/** `end` gets the point's name and does not come back. `answer` tells the supervisor that it was heard. */
export function createArmedCrash(
  end: (point: string) => void,
  answer: (message: { readonly type: "crash-heard" }) => void,
): ArmedCrash {
  let armed: { readonly point: string; left: number } | undefined;
  return {
    reach: (point) => {
      if (armed?.point !== point) return;
      armed.left -= 1;
      if (armed.left <= 0) end(point);
    },
    hear: (message) => {
      const order = readOrder(message);
      if (order === undefined) return;
      armed = order === "never" ? undefined : order;
      answer({ type: "crash-heard" });
    },
  };
}

function readOrder(message: unknown): { point: string; left: number } | "never" | undefined {
  if (typeof message !== "object" || message === null || !("type" in message)) return undefined;
  if (message.type === "crash-never") return "never";
  if (message.type !== "crash-at" || !("point" in message)) return undefined;
  const { point } = message;
  const times = "times" in message ? message.times : 1;
  if (typeof point !== "string" || typeof times !== "number") return undefined;
  return { point, left: times };
}
