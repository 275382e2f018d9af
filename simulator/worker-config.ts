/** What a simulator worker is told before it starts: a JSON file, written by the harness, refused when it is wrong. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { readingFormats } from "../pipeline/contract/reading.ts";

export class WorkerConfigError extends Error {
  readonly code = "worker-config";

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "WorkerConfigError";
  }
}

const plan = z.strictObject({
  seed: z.int(),
  devices: z.int(),
  everyMs: z.int(),
  startAt: z.int(),
  loadMs: z.int(),
  partitions: z.int(),
  format: z.enum(readingFormats),
  window: z.strictObject({
    sizeMs: z.int(),
    graceMs: z.int(),
    retentionMs: z.int(),
    aheadMs: z.int(),
    quorum: z.int(),
  }),
  mix: z.strictObject({
    outOfOrder: z.number(),
    revising: z.number(),
    late: z.number(),
    duplicated: z.number(),
    malformed: z.number(),
    missing: z.number(),
    wrongClock: z.number().exactOptional(),
  }),
  rebooted: z.number().exactOptional(),
  hot: z.strictObject({ devices: z.int(), everyMs: z.int() }).exactOptional(),
});

const schema = z.strictObject({
  plan,
  /** `host:port`, several separated by commas. */
  bootstrap: z.string().min(1),
  topic: z.string().min(1),
  /** This worker owns the partitions p with p % workers = worker. */
  worker: z.int().min(0),
  workers: z.int().min(1),
  client: z.enum(["hot", "kafkajs"]),
  /** Event milliseconds a wall millisecond. */
  timeScale: z.number().positive(),
  /** Wall ms from the start during which nothing is measured. */
  warmUpMs: z.number().min(0),
  ackFile: z.string().min(1),
  /** Beside the acks: how far sends may have gone. */
  intentFile: z.string().min(1),
  /** What was measured so far, until the result file takes its place. */
  partialFile: z.string().min(1),
  resultFile: z.string().min(1),
  /**
   * Wall ms between two looks at the plan: the largest lag of a reading on an idle machine, less than the 5 that are
   * asked for. 8 cost 1 to 3 % of a core less, for the simulator as for the broker.
   */
  tickMs: z.number().positive().default(4),
});

export type WorkerConfig = z.infer<typeof schema>;
/** As the harness writes it: what has a default may be left out. */
export type WorkerConfigFile = z.input<typeof schema>;

/** Errors: `WorkerConfigError`. */
export function readWorkerConfig(file: string): WorkerConfig {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new WorkerConfigError(`the worker's config ${file} cannot be read`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new WorkerConfigError(`${file}: ${z.prettifyError(parsed.error)}`);
}
