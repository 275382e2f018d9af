/**
 * Reads `summary.json` back. Whatever a person or a disk has done to it: the answer is a summary or a sentence.
 * Summaries of earlier versions lack what was added since; that is then empty.
 */
import { z } from "zod";
import { clauses } from "../checks/check-result.ts";
import type { AnomalyClass } from "../checks/finding.ts";
import type { Summary } from "./summary-json.ts";

const count = z.number();
const numbers = z.record(z.string(), z.number());
const texts = z.record(z.string(), z.string());
const verdict = z.enum(["PASS", "UNKNOWN", "INVALID", "FAIL"]);

const sendLag = z.object({
  p50: count,
  p90: count,
  p99: count,
  p999: count,
  p9999: count,
  p99999: count.exactOptional(),
  max: count,
  count,
});
const latency = sendLag.extend({ p99999: count });
const gcFigures = z.object({ count, total: count, max: count });
const usage = z.object({
  cpuSeconds: count,
  maxRssBytes: count,
  exits: z.array(z.string()),
  eventLoopDelayMs: latency.exactOptional(),
  gcPauseMs: gcFigures
    .extend({
      kinds: z.object({
        minor: gcFigures.exactOptional(),
        major: gcFigures.exactOptional(),
        other: gcFigures.exactOptional(),
      }),
    })
    .exactOptional(),
});

const store = z.object({
  expected: count,
  found: count,
  missing: count,
  unexpected: count,
  wrong: count,
  duplicated: count,
  skipped: count.exactOptional(),
  deadLetters: count.exactOptional(),
  deadLetterReasons: numbers.exactOptional(),
});

const finding = z.object({
  /** A later version may know more of them. */
  class: z.custom<AnomalyClass>((name) => typeof name === "string"),
  device: z.string().exactOptional(),
  boot: count.exactOptional(),
  seq: count.exactOptional(),
  window: count.exactOptional(),
  topic: z.string().exactOptional(),
  partition: count.exactOptional(),
  offset: count.exactOptional(),
  store: z.string().exactOptional(),
  key: z.string().exactOptional(),
  expected: z.string().exactOptional(),
  found: z.string().exactOptional(),
  during: z.string().exactOptional(),
});

const replay = z.object({
  mode: z.string(),
  records: count,
  storeEvidence: numbers,
  digestBefore: texts,
  digestAfter: texts,
  identical: z.boolean(),
});

const fault = z.object({
  kind: z.string(),
  target: z.string(),
  atMs: count,
  untilMs: count.nullable().default(null),
  effect: z.string().nullable(),
  recoveredMs: count.nullable(),
});

const burst = z.object({
  window: count,
  closesAtMs: count,
  absorbedMs: z.record(z.string(), count.nullable()),
});

const schema = z.object({
  schema: z.literal(1),
  run: z.string(),
  scenario: z.string(),
  seed: count,
  verdict,
  interrupted: z.boolean(),
  startedAt: z.string(),
  durationSeconds: count,
  rate: z.object({ plannedPerSecond: count, heldPerSecond: count, perDay: count }),
  sendLagMs: sendLag,
  readings: z.object({
    planned: count,
    acked: count,
    failed: count,
    unknown: count,
    duplicatesSent: count,
    rejectedPlanned: count,
    rejectedUnplanned: count,
  }),
  aggregates: z.object({ expected: count, published: count }),
  stores: z.record(z.string(), store),
  latencyMs: z.record(z.string(), latency),
  thresholds: z.array(
    z.object({ metric: z.string(), limit: z.string(), value: count.nullable(), ok: z.boolean() }),
  ),
  replay: z.array(replay),
  faults: z.array(fault),
  bursts: z.array(burst).default([]),
  findings: z.array(finding),
  violations: z.object({ named: count, all: count }).exactOptional(),
  canary: z.object({ planted: count, caught: count }),
  clauses: z.array(
    z.object({
      clause: z.enum(clauses),
      verdict,
      evaluated: count,
      counts: numbers,
      echoes: count.default(0),
    }),
  ),
  reasons: z.array(z.string()),
  processes: z.record(z.string(), usage),
  harness: usage,
  kafka: usage.nullable(),
  elasticsearch: usage.nullable(),
  cassandra: usage.nullable(),
  versions: texts,
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
});

export type ParsedSummary =
  | { readonly ok: true; readonly summary: Summary }
  /** Why it is none, as the end of a sentence. */
  | { readonly ok: false; readonly why: string };

export function parseSummary(text: string): ParsedSummary {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: "it is not whole JSON" };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, summary: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the whole";
  return { ok: false, why: `${where} is not what schema 1 says (${issue?.message ?? "invalid"})` };
}
