import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Summary } from "../../harness/report/summary-json.ts";
import { liveStack } from "./live-stack.ts";
import { run, smallLoad, summaryOf } from "./run-command.ts";

const steps = [
  // From behind the first boundary, when the index exists, over the second.
  "{ at: 8s, read-only: elasticsearch, for: 6s }",
  // So that what is skipped is skipped for two reasons.
  "{ at: 5s, poison: aggregated }",
];
const skipping = "{ file: jobs/cassandra.json, config: { connect.cassandra.error.policy: NOOP } }";

test("what NOOP skips is exactly what lies in the dead-letter topic: FAIL, and each window accounted for", async () => {
  const onStack = ["run", "read-only-noop", "--stack", liveStack().name, ...smallLoad];
  const load = ["--for", "16s", "--set", `faults=[${steps.join(",")}]`];
  const { code, output, out } = await run([...onStack, ...load, "--set", `jobs.1=${skipping}`]);
  expect(output).toContain("FAIL");
  expect(code).toBe(3);
  const summary = summaryOf(out);
  const { elasticsearch, cassandra } = summary.stores;
  expect(elasticsearch?.skipped).toBeGreaterThan(0);
  expect(elasticsearch!.missing + elasticsearch!.wrong).toBe(elasticsearch?.skipped);
  expect(Object.keys(elasticsearch?.deadLetterReasons ?? {}).sort()).toEqual([
    expect.stringMatching(/^TASK_PUT: .*cluster_block_exception/),
    expect.stringMatching(/^VALUE_CONVERTER: /),
  ]);
  expect(cassandra).toMatchObject({ missing: 0, unexpected: 0, wrong: 0, duplicated: 0 });
  expect(cassandra).not.toHaveProperty("skipped");
  expect(verdicts(summary)).toMatchObject({ C3: "PASS", C7: "FAIL", C13: "PASS" });
  expect(summary.reasons.join()).toMatch(/skipped under its error policy; each of them lies in/);

  const [name] = readdirSync(out);
  const again = await run(["verify", join(out, name!)]);
  expect(again.code).toBe(3);
  const file = join(out, name!, "verify-1.json");
  const verified = JSON.parse(readFileSync(file, "utf8")) as Summary;
  expect(verified.stores).toEqual(summary.stores);
  expect(verdicts(verified)).toMatchObject({ C13: "PASS" });
});

function verdicts({ clauses }: Summary): Readonly<Record<string, string>> {
  return Object.fromEntries(clauses.map(({ clause, verdict }) => [clause, verdict]));
}
