import { expect, test } from "vitest";
import { liveStack } from "../live/live-stack.ts";
import { run, smallLoad, summaryOf } from "../live/run-command.ts";

/** The unchanged pipeline on the real servers, with one port wrapped in the bug. */
function runWith(bug: string, more: readonly string[] = []) {
  const args = ["run", "quick", "--stack", liveStack().name, ...smallLoad, "--set", "replay=[]"];
  return run([...args, ...more], {
    NODE_OPTIONS: "--conditions=planted",
    FLEETPROOF_PLANTED_BUG: bug,
  });
}

test("one reading in a million dropped is a FAIL that names it", async () => {
  // A million readings and some: one is dropped.
  const million = ["--rate", "100k/s", "--for", "9s", "--set", "fleet.devices=20000"];
  const { code, out } = await runWith("drop-one-in-a-million", million);
  expect(code).toBe(3);
  const { verdict, findings, readings } = summaryOf(out);
  expect(verdict).toBe("FAIL");
  expect(readings.planned).toBeGreaterThan(1_000_000);
  const named = findings.filter(({ seq }) => seq !== undefined);
  expect(new Set(named.map(({ device, seq }) => `${device}/${seq}`)).size).toBe(1);
  expect(named.map(({ store }) => store)).toEqual([undefined, "elasticsearch", "cassandra"]);
  expect(named[0]?.found).toContain(`without seq ${named[0]?.seq}`);
});

test("one reading folded twice in place of another is a FAIL that names both", async () => {
  const { code, out } = await runWith("fold-one-twice");
  expect(code).toBe(3);
  const { findings, clauses } = summaryOf(out);
  expect(findings.map((finding) => finding.class)).toEqual(["masked", "masked", "masked"]);
  expect(findings[0]?.found).toMatch(/without seq \d+, with seq \d+ once too often/);
  // What was sent and what the log holds is sound.
  expect(clauses.find(({ clause }) => clause === "C1")?.verdict).toBe("PASS");
});

test("an aggregate that reached one store only is a FAIL that names device and window", async () => {
  const { code, out } = await runWith("skip-one-write");
  expect(code).toBe(3);
  const { stores, findings } = summaryOf(out);
  expect(stores["cassandra"]?.missing).toBe(1);
  expect(stores["elasticsearch"]?.missing).toBe(0);
  expect(
    findings.every(({ store, device, window }) => store === "cassandra" && device && window),
  ).toBe(true);
});
