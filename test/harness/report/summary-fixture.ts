/** A summary as the quick scenario leaves it when all is well; tests change what they are about. */
import { clauses } from "../../../harness/checks/check-result.ts";
import type { PauseSummary } from "../../../harness/process/pauses/pause-summary.ts";
import type { Summary } from "../../../harness/report/summary-json.ts";

const store = { missing: 0, unexpected: 0, wrong: 0, duplicated: 0 };
const latency = { p50: 1.1, p90: 2.5, p99: 4.3, p999: 12, p9999: 20, p99999: 25, max: 26 };
const { p99999: _, ...lag } = latency;
export const own = { cpuSeconds: 1, maxRssBytes: 1_000_000, exits: [] };

/** The pauses of a Node process. */
export const paused: PauseSummary = {
  eventLoopDelayMs: { ...latency, count: 3_000 },
  gcPauseMs: {
    ...{ count: 45, total: 123.4, max: 4.5 },
    kinds: {
      minor: { count: 44, total: 119, max: 4.5 },
      major: { count: 1, total: 4.4, max: 4.4 },
    },
  },
};

export const passed: Summary = {
  schema: 1,
  run: "rabcdefgh",
  scenario: "quick",
  seed: 20180301,
  verdict: "PASS",
  interrupted: false,
  startedAt: "2026-11-22T12:00:00.000Z",
  durationSeconds: 201.4,
  rate: { plannedPerSecond: 115_740.74, heldPerSecond: 115_700, perDay: 9_996_480_000 },
  sendLagMs: { ...lag, count: 6_944_444 },
  readings: {
    planned: 8_101_852,
    acked: 8_101_852,
    failed: 0,
    unknown: 0,
    duplicatesSent: 40_123,
    rejectedPlanned: 8_180,
    rejectedUnplanned: 0,
  },
  aggregates: { expected: 275_000, published: 291_000 },
  stores: {
    elasticsearch: { expected: 275_000, found: 275_000, ...store },
    cassandra: { expected: 275_000, found: 275_000, ...store },
  },
  latencyMs: {
    publish: { ...latency, count: 6_944_444 },
    "visible.cassandra": { ...latency, p99: 1_234, p999: 12_345, max: 12_345, count: 450 },
  },
  thresholds: [
    { metric: "heldRate", limit: ">=99%", value: 0.99965, ok: true },
    { metric: "sendLagMs", limit: "p(99)<20", value: 4.3, ok: true },
  ],
  replay: [
    {
      mode: "rewind at-rest",
      records: 291_000,
      storeEvidence: { elasticsearch: 291_000, cassandra: 260_000 },
      digestBefore: { elasticsearch: "a", cassandra: "b" },
      digestAfter: { elasticsearch: "a", cassandra: "b" },
      identical: true,
    },
  ],
  faults: [],
  bursts: [],
  findings: [],
  canary: { planted: 3, caught: 3 },
  // No job of this run has a dead-letter topic.
  clauses: clauses
    .filter((clause) => clause !== "C13")
    .map((clause) => ({
      clause,
      verdict: "PASS",
      evaluated: 1_000,
      counts: {},
      echoes: 0,
    })),
  reasons: [],
  processes: {},
  harness: own,
  kafka: own,
  elasticsearch: own,
  cassandra: own,
  versions: {},
  machine: {},
};

/** The same run with one row of Cassandra gone. */
export const failed: Summary = {
  ...passed,
  verdict: "FAIL",
  stores: {
    ...passed.stores,
    cassandra: { ...store, expected: 275_000, found: 274_999, missing: 1 },
  },
  clauses: passed.clauses.map((one) =>
    one.clause === "C7" ? { ...one, verdict: "FAIL", counts: { "lost-write": 1 } } : one,
  ),
  findings: [
    {
      class: "lost-write",
      device: "t-0000042",
      window: 1_768_435_200_000,
      store: "cassandra",
      expected: "count 30",
      found: "no row",
    },
  ],
};
