/**
 * What a simulator worker and its parent say to each other over the channel between processes. Order of a run:
 * ready, start, progress …, (hold, herd, cut,) load-done, close-windows, closed, finish, done. A worker that takes the place of a
 * killed one hears the same again, from `start` with `resume` on.
 */
import { z } from "zod";
import type { HerdOutcome } from "./herd.ts";
import type { MeasuredLatency } from "./send-meter.ts";

const commandSchema = z.discriminatedUnion("type", [
  /**
   * Event time `startAt` happens at this wall time (epoch ms); a moment in the near future. `resume`: it happened, and
   * a worker with these files was killed since; go on where its facts end. `cutAtEventMs`: a cut that was made already;
   * one sent behind `start` might come after everything that is due has left.
   */
  z.object({
    type: z.literal("start"),
    atWallMs: z.number(),
    resume: z.boolean().optional(),
    cutAtEventMs: z.number().optional(),
  }),
  /**
   * The load ends at this event time (epoch ms), or where the worker already is, if that is later: `load-done` says
   * where. Sent again with the latest end of all workers, so that all end alike.
   */
  z.object({ type: z.literal("cut"), atEventMs: z.number() }),
  /** For so long nothing leaves, then all that is due at once; `herd` says when. */
  z.object({ type: z.literal("hold"), forMs: z.number() }),
  /** Send the closing readings; only after `load-done`. */
  z.object({ type: z.literal("close-windows") }),
  /** Write the result file and end. */
  z.object({ type: z.literal("finish") }),
]);

/** Parent to worker. */
export type WorkerCommand = z.infer<typeof commandSchema>;

/**
 * Sums since the start, over all lives of the worker: they never fall. A record is counted once, when it settles.
 * Closing readings are not in them.
 */
type Totals = {
  readonly sends: number;
  readonly acked: number;
  readonly failed: number;
  readonly unknown: number;
};

export type WorkerProgress = Totals & {
  readonly type: "progress";
  /** All sends before this event time have been handed to the producer. */
  readonly sentEventMs: number;
  /** p99 of the send lag, ms, of what settled since the last report. */
  readonly lateSendsMsP99: number;
  /** How far, in wall ms, the plan's next send is overdue: what a full buffer looks like before it settles. */
  readonly behindMs: number;
};

/** Worker to parent. */
export type WorkerReport =
  | { readonly type: "ready" }
  | WorkerProgress
  /** All sends before `endedAtEventMs` were sent and have settled; again after each later `cut`. */
  | (Totals & { readonly type: "load-done"; readonly endedAtEventMs: number })
  /** The closing readings have settled; `acked` of `planned`. */
  | { readonly type: "closed"; readonly planned: number; readonly acked: number }
  /** What was held back has left. */
  | ({ readonly type: "herd" } & HerdOutcome)
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly message: string };

/** What stands in the result file. */
export type WorkerResult = {
  readonly worker: number;
  readonly partitions: readonly number[];
  readonly counts: Totals & { readonly closing: number };
  /** Sends of the load by partition, in the order of `partitions`: where closing positions begin. */
  readonly endedAtEventMs: number;
  /** Measured: intended after the warm-up. What a kill takes away of it: `send-meter.ts`. */
  readonly measured: {
    readonly sent: number;
    readonly acked: number;
    readonly firstSentAtMs?: number;
    readonly lastSentAtMs?: number;
    readonly sendLag: MeasuredLatency;
    readonly publish: MeasuredLatency;
    readonly answer: MeasuredLatency;
  };
  /** This and what follows: of the last life alone. */
  readonly cpuSeconds: { readonly user: number; readonly system: number };
  readonly maxRssBytes: number;
  /** Whether it was ended by a signal before it was told to finish. */
  readonly interrupted: boolean;
};

/** Undefined for what is no command. */
export function parseCommand(message: unknown): WorkerCommand | undefined {
  const parsed = commandSchema.safeParse(message);
  return parsed.success ? parsed.data : undefined;
}
