import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { judge, undecided } from "../../../harness/checks/judge.ts";
import { verifiedSummary } from "../../../harness/verify/verified-summary.ts";
import { factsOf, honestHistory } from "../checks/history.ts";
import { passed as summary } from "../report/summary-fixture.ts";

const at = Date.UTC(2026, 10, 22);

function folder(scenario = "name: quick\nseed: 7\n"): string {
  const root = mkdtempSync(join(tmpdir(), "fleetproof-verified-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, "scenario.yaml"), scenario);
  writeFileSync(join(root, "summary.json"), JSON.stringify(summary));
  return root;
}

test("what was judged is new, what only the run could measure is its own", async () => {
  const judgement = judge(factsOf({ ...honestHistory, cassandra: [] }));
  const verification = { judgement, by: "stack", looked: "everything" } as const;
  const verified = await verifiedSummary(folder(), verification, at);
  const { rate, latencyMs, processes, run } = summary;
  expect(verified).toMatchObject({ rate, latencyMs, processes, run, verdict: "FAIL" });
  expect(verified.findings).toEqual(judgement.findings);
  expect(verified.stores["cassandra"]?.missing).toBe(honestHistory.cassandra.length);
  expect(verified.verified).toEqual({
    at: "2026-11-22T00:00:00.000Z",
    by: "stack",
    looked: "everything",
  });
});

test("of a folder that is not whole nothing is taken over but the scenario's name", async () => {
  const nothing = { judgement: undecided(["cut"]), by: "nothing", looked: "nothing" } as const;
  const verified = await verifiedSummary(folder(), nothing, at);
  expect(verified).toMatchObject({
    scenario: "quick",
    seed: 7,
    verdict: "UNKNOWN",
    reasons: ["cut"],
  });
  expect(verified.rate.heldPerSecond).toBe(0);
  for (const hostile of ['name: "\\e[2Jquick"\nseed: x\n', "][", ""]) {
    const { scenario, seed } = await verifiedSummary(folder(hostile), nothing, at);
    expect([scenario, seed]).toEqual(["unknown", 0]);
  }
});
