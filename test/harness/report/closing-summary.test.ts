import { expect, test } from "vitest";
import { closingSummary } from "../../../harness/report/closing-summary.ts";
import type { Summary } from "../../../harness/report/summary-json.ts";
import { inkFor, plainInk } from "../../../harness/report/terminal-text.ts";
import { failed, own, passed, paused } from "./summary-fixture.ts";

const files = [
  ["summary", "runs/rabcdefgh/summary.json"],
  ["logs", "runs/rabcdefgh/logs"],
] as const;

function linesOf(summary: Summary, width = 110): string[] {
  return closingSummary(summary, files, width, plainInk);
}

/** The lines under a title, without their indent. */
function section(summary: Summary, title: string, width = 110): string[] {
  const lines = linesOf(summary, width);
  const from = lines.indexOf(title);
  if (from === -1) return [];
  return lines.slice(from + 1, lines.indexOf("", from)).map((line) => line.slice(2));
}

test("a pass is told from the verdict to the next step", () => {
  expect(linesOf(passed)).toEqual([
    "PASS  quick  seed 20180301  run rabcdefgh  201 s",
    "",
    "CORRECTNESS",
    "  ✓ C1 no loss: what was acknowledged is in the raw topic (1,000 checked)",
    "  ✓ C2 no duplicate: nothing more often than it was sent (1,000 checked)",
    "  ✓ C3 no phantom: nothing that nobody sent (1,000 checked)",
    "  ✓ C4 order: each partition in the plan's order (1,000 checked)",
    "  ✓ C5 conservation: raw = folded + duplicate + rejected (1,000 checked)",
    "  ✓ C6 aggregate truth: every revision equals an independent fold (1,000 checked)",
    "  ✓ C7 one final row for each device and window in each store (1,000 checked)",
    "  ✓ C8 the stores agree (1,000 checked)",
    "  ✓ C9 replay is a no-op (1,000 checked)",
    "  ✓ C10 no time travel: a visible revision never goes back (1,000 checked)",
    "  ✓ C11 progress: after each fault the work goes on (1,000 checked)",
    "  ✓ C12 bounded lag: every backlog is worked off after the load (1,000 checked)",
    "  ✓ elasticsearch: 275,000 of 275,000 rows, 0 missing, 0 unexpected, 0 wrong, 0 duplicated",
    "  ✓ cassandra: 275,000 of 275,000 rows, 0 missing, 0 unexpected, 0 wrong, 0 duplicated",
    "  ✓ replay rewind at-rest: 291,000 records again, writes seen by elasticsearch 291,000, cassandra 260,000,",
    "      state identical",
    "  ✓ canary: 3 of 3 planted faults caught by the checks",
    "",
    "THRESHOLDS",
    "  ✓ heldRate >=99%      99.96%",
    "  ✓ sendLagMs p(99)<20  4.3 ms",
    "",
    "STAGES",
    "  held 10.00 b/day = 115,700/s of 10.00 b/day = 115,741/s",
    "  fleet 8,101,852 readings acked of 8,101,852 planned → aggregator 291,000 records of 275,000 windows →",
    "      elasticsearch 275,000 rows → cassandra 275,000 rows",
    "  latency               p50     p90     p99  p99.9    max    samples",
    "  send lag           1.1 ms  2.5 ms  4.3 ms  12 ms  26 ms  6,944,444",
    "  publish            1.1 ms  2.5 ms  4.3 ms  12 ms  26 ms  6,944,444",
    "  visible.cassandra  1.1 ms  2.5 ms   1.2 s   12 s   12 s        450",
    "",
    "GENERATOR HEALTH",
    "  99.96% of the planned rate, send lag p99 4.3 ms, p99.9 12 ms, max 26 ms",
    "  0 failed, 0 unknown, 40,123 sent twice on purpose, rejected 8,180 as planned and 0 not",
    "",
    "PROCESSES",
    "  process          CPU  memory  loop p99  max  GC in all  max",
    "  kafka          1.0 s    1 MB         –    –          –    –",
    "  elasticsearch  1.0 s    1 MB         –    –          –    –",
    "  cassandra      1.0 s    1 MB         –    –          –    –",
    "  harness        1.0 s    1 MB         –    –          –    –",
    "",
    "FILES",
    "  summary  runs/rabcdefgh/summary.json",
    "  logs     runs/rabcdefgh/logs",
    "",
    "Next: now break something: fleetproof run aggregator-crash.",
  ]);
});

test("a failure names its clause, its store and its evidence", () => {
  const correctness = section(failed, "CORRECTNESS");
  expect(correctness[6]).toBe(
    "✗ C7 one final row for each device and window in each store (1,000 checked): 1 lost-write",
  );
  expect(correctness[13]).toBe(
    "✗ cassandra: 274,999 of 275,000 rows, 1 missing, 0 unexpected, 0 wrong, 0 duplicated",
  );
  expect(section(failed, "FINDINGS", 60)).toEqual([
    "lost-write, device t-0000042, window 2026-01-15T00:00:00Z,",
    "    in cassandra, expected count 30, found no row",
  ]);
  expect(linesOf(failed, 200).at(-1)).toBe(
    "Next: the findings name what is wrong; fleetproof run quick --seed 20180301 sends the very same readings again.",
  );
});

test("a few findings are shown, the others counted", () => {
  const finding = failed.findings[0]!;
  const clauses = failed.clauses.map((one) =>
    one.clause === "C7" ? { ...one, counts: { "lost-write": 1_234 } } : one,
  );
  const lines = section({ ...failed, findings: Array(32).fill(finding), clauses }, "FINDINGS");
  expect(lines.length).toBe(6);
  expect(lines[5]).toBe("… and 1,229 more");
});

test("control characters of a finding do not reach the terminal", () => {
  const hostile = { ...failed.findings[0]!, device: "t\u001b[2J\u202e\n" };
  const lines = section({ ...failed, findings: [hostile] }, "FINDINGS");
  expect(lines[0]).toContain("lost-write, device t [2J  , window ");
});

test("a fault without trace, a threshold not measured and a canary missed are crosses", () => {
  const kill = { kind: "kill", target: "aggregator-0" };
  const summary: Summary = {
    ...passed,
    verdict: "INVALID",
    reasons: ["The kill of aggregator-0 left no trace."],
    thresholds: [{ metric: "sendLagMs", limit: "p(99)<20", value: null, ok: false }],
    canary: { planted: 3, caught: 2 },
    faults: [
      { ...kill, atMs: 14_000, untilMs: null, effect: null, recoveredMs: null },
      { ...kill, atMs: 20_000, untilMs: 20_400, effect: "SIGKILL", recoveredMs: 6_100 },
    ],
  };
  expect(linesOf(summary)[1]).toBe("  The kill of aggregator-0 left no trace.");
  expect(section(summary, "THRESHOLDS")).toEqual(["✗ sendLagMs p(99)<20  not measured"]);
  expect(section(summary, "FAULTS")).toEqual([
    "✗ kill aggregator-0 at 14 s: left no trace",
    "✓ kill aggregator-0 at 20 s: SIGKILL, flowing again after 6.1 s",
  ]);
  expect(section(summary, "CORRECTNESS").at(-1)).toBe(
    "✗ canary: 2 of 3 planted faults caught by the checks",
  );
});

test.each([
  [{ verdict: "UNKNOWN" }, /^Next: nothing was decided; look into the logs of run rabcdefgh/],
  [{ interrupted: true }, /^Next: the run was interrupted;/],
  [{ verdict: "INVALID" }, /^Next: the run proves nothing, for the reasons above;/],
  [
    {
      verdict: "INVALID",
      thresholds: [{ metric: "heldRate", limit: ">=99%", value: 0.5, ok: false }],
    },
    /^Next: the generator could not keep its schedule/,
  ],
  [
    { thresholds: [{ metric: "latencyMs.publish", limit: "max<1", value: 2, ok: false }] },
    /^Next: every reading is there, but a threshold was missed/,
  ],
] as const)("the next step follows from %o", (change, next) => {
  const lines = linesOf({ ...passed, ...change } as Summary, 300);
  expect(lines.at(-1)).toMatch(next);
});

test("colours are for terminals that want them", () => {
  const coloured = closingSummary(failed, files, 100, inkFor(true, {})).join("\n");
  expect(coloured).toContain("\u001b[31mFAIL");
  for (const [terminal, environment] of [
    [false, {}],
    [true, { NO_COLOR: "1" }],
    [true, { TERM: "dumb" }],
  ] as const) {
    const plain = closingSummary(failed, files, 100, inkFor(terminal, environment)).join("\n");
    expect(plain).not.toContain("\u001b");
  }
});

test("no line is wider than the terminal", () => {
  for (const line of linesOf(failed, 72)) expect(line.length).toBeLessThanOrEqual(72);
});

test("bursts: how many each stage absorbed, the slowest, and what was not absorbed in time", () => {
  const bursts = [
    { window: 0, closesAtMs: 30_000, absorbedMs: { elasticsearch: 4_200, cassandra: 900 } },
    { window: 300_000, closesAtMs: 36_500, absorbedMs: { elasticsearch: null, cassandra: 1_500 } },
  ];
  expect(section({ ...passed, bursts }, "BURSTS")).toEqual([
    "elasticsearch: 1 of 2 absorbed, the slowest in 4.2 s; 1 not before the next boundary",
    "cassandra: 2 of 2 absorbed, the slowest in 1.5 s",
  ]);
});

test("a fault that lasted says for how long", () => {
  const pause = { kind: "pause", target: "aggregator-0", atMs: 14_000, untilMs: 59_000 };
  const faults = [{ ...pause, effect: "fenced", recoveredMs: 46_000 }];
  expect(section({ ...passed, faults }, "FAULTS")).toEqual([
    "✓ pause aggregator-0 at 14 s for 45 s: fenced, flowing again after 46 s",
  ]);
});

test("what a job put aside stands under its store, with the reasons and how often each was given", () => {
  const { elasticsearch } = passed.stores;
  const reasons = { "TASK_PUT: index [n] blocked": 41, "VALUE_CONVERTER: no JSON": 1 };
  const skipping = { skipped: 40, deadLetters: 42, deadLetterReasons: reasons };
  const stores = { ...passed.stores, elasticsearch: { ...elasticsearch!, ...skipping } };
  const lines = section({ ...passed, stores }, "CORRECTNESS", 160);
  const at = lines.findIndex((line) => line.includes("elasticsearch: "));
  expect(lines[at + 1]?.trim()).toBe(
    "40 of them skipped by the job, 42 dead letters: 41 × TASK_PUT: index [n] blocked; 1 × VALUE_CONVERTER: no JSON",
  );
});

test("a process says how it paused; what was not measured is no zero", () => {
  const job = { ...own, cpuSeconds: 12.34, maxRssBytes: 300_000_000, ...paused };
  const { eventLoopDelayMs: _, ...stopped } = paused;
  const calm = { count: 0, total: 0, max: 0, kinds: {} };
  const processes = { "job-cassandra-0": job, "aggregator-0": { ...own, gcPauseMs: calm } };
  const summary = { ...passed, processes, kafka: { ...own, ...stopped }, elasticsearch: null };
  expect(section(summary, "PROCESSES")).toEqual([
    "process             CPU  memory  loop p99    max  GC in all     max",
    "job-cassandra-0  12.3 s  300 MB    4.3 ms  26 ms     123 ms  4.5 ms",
    "aggregator-0      1.0 s    1 MB         –      –     0.0 ms  0.0 ms",
    "kafka             1.0 s    1 MB         –      –     123 ms  4.5 ms",
    "cassandra         1.0 s    1 MB         –      –          –       –",
    "harness           1.0 s    1 MB         –      –          –       –",
  ]);
});

test("the table of processes is left out where it would not fit", () => {
  expect(section(passed, "PROCESSES", 65)).toHaveLength(5);
  expect(section(passed, "PROCESSES", 60)).toEqual([]);
});
