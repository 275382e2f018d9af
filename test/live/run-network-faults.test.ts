import { expect, test } from "vitest";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad, summaryOf } from "./run-command.ts";

/** The small load's first windows close 6.6 s after it began; then each job has something to do every 6 s. */
const steps = [
  "{ at: 2s, latency: simulator/kafka, by: 100ms, jitter: 50ms, for: 2s }",
  "{ at: 5s, lose-response: aggregator/kafka, every: 1s, for: 3s }",
  "{ at: 9s, reset: aggregator/kafka, every: 1s, for: 3s }",
  "{ at: 13s, hold-response: aggregator/kafka, by: 500ms, for: 3s }",
  "{ at: 4s, reset: job-elasticsearch/kafka, every: 1s, for: 3s }",
  "{ at: 4s, refuse: job-cassandra/kafka, for: 2s }",
  "{ at: 6s, overload: job-elasticsearch/elasticsearch, share: 40%, for: 12s }",
  "{ at: 6s, cut: job-cassandra/cassandra, way: responses, for: 8s }",
];

test("slow, lost, broken and refused on every link in one run: each fault is seen, and nothing is lost or doubled", async () => {
  const onStack = ["run", "quick", "--stack", liveStack().name, ...smallLoad];
  const load = ["--rate", "5k/s", "--for", "18s", "--set", "fleet.devices=1000"];
  const { code, output, out } = await run([...onStack, ...load, "--set", `faults=[${steps}]`]);
  expect(output).toContain("PASS");
  expect(code).toBe(0);
  const summary = summaryOf(out);
  const told = new Map(summary.faults.map((fault) => [`${fault.kind} ${fault.target}`, fault]));
  const effects: readonly (readonly [string, RegExp])[] = [
    ["latency simulator/kafka", /bytes on \d+ connections? came 100 ms ± 50 ms late/],
    ["lose-response aggregator/kafka", /\d+ responses? lost/],
    ["reset aggregator/kafka", /\d+ requests? broken off by RST/],
    ["hold-response aggregator/kafka", /of responses came 500 ms late/],
    ["reset job-elasticsearch/kafka", /\d+ requests? broken off by RST/],
    ["refuse job-cassandra/kafka", /connections? broken, and new ones refused/],
    ["overload job-elasticsearch/elasticsearch", /\d+ items? of bulk requests answered 429/],
    ["cut job-cassandra/cassandra", /of responses were swallowed/],
  ];
  for (const [name, effect] of effects) {
    expect(told.get(name)?.effect).toMatch(effect);
    expect(told.get(name)?.recoveredMs).toBeGreaterThan(0);
  }
  expect(summary.faults).toHaveLength(effects.length);
});
