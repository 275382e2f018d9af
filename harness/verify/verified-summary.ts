/**
 * The result of a verification in the shape of `summary.json`: what was judged is new; what only the run itself could
 * measure (rates, latencies, processes) is taken over from its own summary.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { readJson } from "../facts/json-file.ts";
import { judgedSummary } from "../report/judged-summary.ts";
import type { Summary } from "../report/summary-json.ts";
import type { Verification } from "./verify-run.ts";

export type VerifiedSummary = Summary & {
  /** An addition to the contract's list. */
  readonly verified: {
    /** When, ISO 8601, UTC. */
    readonly at: string;
    readonly by: Verification["by"];
    /** What was looked at, in one sentence. */
    readonly looked: string;
  };
};

/** `root`: the run folder, as it was verified. `atMs`: wall time. */
export async function verifiedSummary(
  root: string,
  { judgement, by, looked }: Verification,
  atMs: number,
): Promise<VerifiedSummary> {
  const { rejectedPlanned, rejectedUnplanned } = judgement.readings;
  // Of a folder that is not whole nothing is taken over: its summary may be what was changed.
  const known =
    by === "nothing" ? emptySummary(root) : await readJson<Summary>(join(root, "summary.json"));
  return {
    ...known,
    ...judgedSummary(judgement),
    readings: { ...known.readings, rejectedPlanned, rejectedUnplanned },
    verified: { at: new Date(atMs).toISOString(), by, looked },
  };
}

/** Of a run that left no summary to be trusted: nothing was measured. */
function emptySummary(root: string): Summary {
  const none = { p50: 0, p90: 0, p99: 0, p999: 0, p9999: 0, max: 0, count: 0 };
  const usage = { cpuSeconds: 0, maxRssBytes: 0, exits: [] };
  return {
    schema: 1,
    run: basename(root),
    ...scenarioOf(root),
    verdict: "UNKNOWN",
    interrupted: false,
    startedAt: new Date(0).toISOString(),
    durationSeconds: 0,
    rate: { plannedPerSecond: 0, heldPerSecond: 0, perDay: 0 },
    sendLagMs: none,
    readings: {
      planned: 0,
      acked: 0,
      failed: 0,
      unknown: 0,
      duplicatesSent: 0,
      rejectedPlanned: 0,
      rejectedUnplanned: 0,
    },
    aggregates: { expected: 0, published: 0 },
    stores: {},
    latencyMs: {},
    thresholds: [],
    replay: [],
    faults: [],
    bursts: [],
    findings: [],
    canary: { planted: 0, caught: 0 },
    clauses: [],
    reasons: [],
    processes: {},
    harness: usage,
    kafka: null,
    elasticsearch: null,
    cassandra: null,
    versions: {},
    machine: {},
  };
}

/** For the sentence that says how to run it again; a damaged file says nothing, and prints nothing of its own. */
function scenarioOf(root: string): Pick<Summary, "scenario" | "seed"> {
  try {
    const text = readFileSync(join(root, "scenario.yaml"), "utf8");
    const { name, seed } = parse(text) as { readonly name: unknown; readonly seed: unknown };
    const isName = typeof name === "string" && /^[\w.-]{1,64}$/.test(name);
    return {
      scenario: isName ? name : "unknown",
      seed: Number.isSafeInteger(seed) ? Number(seed) : 0,
    };
  } catch {
    return { scenario: "unknown", seed: 0 };
  }
}
