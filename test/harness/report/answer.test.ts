import { expect, test } from "vitest";
import { answerOf } from "../../../harness/report/answer.ts";
import { failed, passed } from "./summary-fixture.ts";

test("PASS: how many readings, where, at which rate, both ways of saying it", () => {
  expect(answerOf(passed)).toBe(
    "All 8,101,852 acknowledged readings are in the log, and all 275,000 windows of them are stored exactly once " +
      "in elasticsearch and cassandra, at 10.00 b/day = 115,700/s.",
  );
});

test("PASS with a threshold missed, or interrupted, says so", () => {
  const thresholds = [{ metric: "heldRate", limit: ">=99%", value: 0.5, ok: false }];
  expect(answerOf({ ...passed, thresholds })).toMatch(/; 1 of 1 thresholds were missed\.$/);
  expect(answerOf({ ...passed, interrupted: true })).toMatch(/before it was interrupted\.$/);
});

test("FAIL: which clauses, and how many findings of which class, each counted once", () => {
  expect(answerOf(failed)).toBe("C7 does not hold at 10.00 b/day = 115,700/s: 1 lost-write.");
  const clauses = failed.clauses.map((one) =>
    one.clause === "C8"
      ? { ...one, verdict: "FAIL" as const, counts: { "lost-write": 1, phantom: 2 } }
      : one,
  );
  expect(answerOf({ ...failed, clauses })).toMatch(
    /^C7 and C8 do not hold .*: 1 lost-write and 2 phantom\.$/,
  );
});

test.each(["UNKNOWN", "INVALID"] as const)("%s claims nothing", (verdict) => {
  expect(answerOf({ ...passed, verdict })).not.toMatch(/stored|acknowledged|exactly once/);
});
