/**
 * The records of the three topics, keyed and shaped as Kafka Connect's. They come from outside:
 * whoever may write to the topics can put anything there, so that everything is checked before it
 * means something.
 */
import { z } from "zod";
import type { TargetState } from "./herder.ts";

export type ConfigRecord = z.infer<typeof configRecord>;

export type StatusRecord = z.infer<typeof statusRecord>;

export type WorkerRecord = z.infer<typeof workerRecord>;

/** One record; `value` undefined takes away what its key stands for. */
export type ClusterRecord =
  | { readonly kind: "config"; readonly name: string; readonly value: ConfigRecord | undefined }
  | { readonly kind: "target"; readonly name: string; readonly value: TargetState | undefined }
  | { readonly kind: "restart"; readonly name: string; readonly onlyFailed: boolean }
  | { readonly kind: "restart-task"; readonly name: string; readonly task: number }
  | { readonly kind: "job-status"; readonly name: string; readonly value: StatusRecord | undefined }
  | {
      readonly kind: "task-status";
      readonly name: string;
      readonly task: number;
      readonly value: StatusRecord | undefined;
    }
  | {
      readonly kind: "topic";
      readonly name: string;
      readonly topic: string;
      readonly active: boolean;
    }
  | { readonly kind: "worker"; readonly id: string; readonly value: WorkerRecord | undefined };

export type TopicKind = "configs" | "targets" | "status";

export const keys = {
  config: (job: string) => `connector-${job}`,
  target: (job: string) => `target-state-${job}`,
  restart: (job: string) => `restart-connector-${job}`,
  restartTask: (job: string, id: number) => `restart-task-${job}-${id}`,
  jobStatus: (job: string) => `status-connector-${job}`,
  taskStatus: (job: string, id: number) => `status-task-${job}-${id}`,
  topic: (job: string, topic: string) => `status-topic-${topic}:connector-${job}`,
  worker: (id: string) => `worker-${id}`,
} as const;

/** A file that changed wins over what REST made of its job; one that did not change does not. */
const configSource = z.union([
  z.object({ kind: z.literal("file"), hash: z.string().max(200) }),
  z.object({ kind: z.literal("rest") }),
]);

export const configRecord = z.object({
  properties: z.record(z.string().max(1_000), z.string().max(65_536)),
  /** Whose workers run it. */
  group: z.string().min(1).max(200),
  source: configSource,
});

export const statusRecord = z.object({
  state: z.enum(["UNASSIGNED", "RUNNING", "PAUSED", "STOPPED", "FAILED", "RESTARTING"]),
  trace: z.string().max(100_000).nullable(),
  worker_id: z.string().max(300),
  /**
   * Start of the worker that says so, epoch milliseconds: of two in one slot the later one is
   * believed.
   */
  generation: z.number().int().nonnegative(),
});

export const workerRecord = z.object({
  group: z.string().min(1).max(200),
  slot: z.number().int().min(0).max(1_000_000),
  /** URL of its REST; null when it serves none. */
  rest: z.string().max(1_000).nullable(),
  generation: z.number().int().nonnegative(),
});

/** Connect calls the running state by another name in its topic. */
export const targetStates = { STARTED: "RUNNING", PAUSED: "PAUSED", STOPPED: "STOPPED" } as const;

export const targetRecord = z.object({ state: z.enum(["STARTED", "PAUSED", "STOPPED"]) });

export const restartRecord = z.object({ only_failed: z.boolean() });

export function targetValue(state: TargetState): z.infer<typeof targetRecord> {
  return { state: state === "RUNNING" ? "STARTED" : state };
}

export function restartValue(onlyFailed: boolean): z.infer<typeof restartRecord> {
  return { only_failed: onlyFailed };
}
