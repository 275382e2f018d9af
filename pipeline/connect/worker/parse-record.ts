/** From keys and values that anyone may have written to what they mean. Pure; never throws. */
import type { z } from "zod";
import {
  type ClusterRecord,
  configRecord,
  restartRecord,
  statusRecord,
  type TopicKind,
  targetRecord,
  targetStates,
  workerRecord,
} from "./cluster-records.ts";

export type ParsedRecord =
  | { readonly ok: true; readonly record: ClusterRecord }
  | { readonly ok: false; readonly message: string };

/** As a job's name in its config: nothing that could become a path, a header or a line of a log. */
const name = "([A-Za-z0-9][A-Za-z0-9._-]{0,199})";
const task = "(\\d{1,6})";

const patterns = {
  config: new RegExp(`^connector-${name}$`),
  target: new RegExp(`^target-state-${name}$`),
  restart: new RegExp(`^restart-connector-${name}$`),
  restartTask: new RegExp(`^restart-task-${name}-${task}$`),
  jobStatus: new RegExp(`^status-connector-${name}$`),
  taskStatus: new RegExp(`^status-task-${name}-${task}$`),
  topic: new RegExp(`^status-topic-([A-Za-z0-9._-]{1,249}):connector-${name}$`),
  worker: /^worker-([A-Za-z0-9._:-]{1,300})$/,
} as const;

/** `value`: the parsed JSON; null for a tombstone. */
export function parseRecord(kind: TopicKind, key: string, value: unknown): ParsedRecord {
  const record = readers[kind](key, value);
  if (record === undefined) {
    return { ok: false, message: `the key '${printable(key)}' means nothing in this topic` };
  }
  if (record === "malformed") {
    return { ok: false, message: `the value of '${printable(key)}' has another shape` };
  }
  return { ok: true, record };
}

type Read = ClusterRecord | "malformed" | undefined;

const readers = {
  configs: readConfig,
  targets: readTarget,
  status: readStatus,
} as const satisfies Record<TopicKind, (key: string, value: unknown) => Read>;

function readConfig(key: string, value: unknown): Read {
  const job = patterns.config.exec(key)?.[1];
  if (job === undefined) return undefined;
  const read = readValue(configRecord, value);
  return read === "malformed" ? read : { kind: "config", name: job, value: read };
}

function readTarget(key: string, value: unknown): Read {
  const job = patterns.target.exec(key)?.[1];
  if (job !== undefined) {
    const read = readValue(targetRecord, value);
    if (read === "malformed") return read;
    return { kind: "target", name: job, value: read && targetStates[read.state] };
  }
  const whole = patterns.restart.exec(key)?.[1];
  if (whole !== undefined) {
    const read = readValue(restartRecord, value);
    if (read === undefined || read === "malformed") return "malformed";
    return { kind: "restart", name: whole, onlyFailed: read.only_failed };
  }
  const one = patterns.restartTask.exec(key);
  if (one === null) return undefined;
  return { kind: "restart-task", name: one[1]!, task: Number(one[2]) };
}

function readStatus(key: string, value: unknown): Read {
  const id = patterns.worker.exec(key)?.[1];
  if (id !== undefined) {
    const read = readValue(workerRecord, value);
    return read === "malformed" ? read : { kind: "worker", id, value: read };
  }
  const topic = patterns.topic.exec(key);
  if (topic !== null) {
    return { kind: "topic", topic: topic[1]!, name: topic[2]!, active: value !== null };
  }
  const read = readValue(statusRecord, value);
  const job = patterns.jobStatus.exec(key)?.[1];
  if (job !== undefined) {
    return read === "malformed" ? read : { kind: "job-status", name: job, value: read };
  }
  const one = patterns.taskStatus.exec(key);
  if (one === null) return undefined;
  if (read === "malformed") return read;
  return { kind: "task-status", name: one[1]!, task: Number(one[2]), value: read };
}

function readValue<T>(schema: z.ZodType<T>, value: unknown): T | "malformed" | undefined {
  if (value === null) return undefined;
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : "malformed";
}

/** For a log line: short, and without what a terminal would act on. */
function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\x20-\x7e]/g, "?");
}
