import { expect, test } from "vitest";
import { stepSummary } from "../../../harness/report/step-summary.ts";
import { brokenOff, finished, hostileTexts } from "./report-fixture.ts";
import { failed, passed } from "./summary-fixture.ts";

test("verdict, answer, clauses and thresholds as tables, then what to do next", () => {
  const text = stepSummary(finished());
  expect(text.startsWith("## ✅ PASS: quick\n")).toBe(true);
  expect(text).toContain(
    "| C1 no loss: what was acknowledged is in the raw topic | ✅ PASS | 1,000 | none |",
  );
  expect(text).toContain("| heldRate | &gt;=99% | 99.96% | ✅ met |");
  expect(text).toContain("| rewind at-rest | 291,000 | ✅ identical |");
  expect(text).toContain("**Next:**");
});

test("at most twenty findings are told, and how many there are besides", () => {
  const findings = Array.from({ length: 40 }, () => failed.findings[0]!);
  const text = stepSummary(finished({ ...failed, findings }));
  expect(text.match(/^- lost-write/gm)).toHaveLength(20);
  expect(text).toContain("- … and 20 more");
});

test("a run that was broken off is UNKNOWN", () => {
  expect(stepSummary(brokenOff)).toMatch(
    /^## ❔ UNKNOWN: quick, seed 7, run rabcdefgh\n\nThe run was broken off/,
  );
});

test.each(hostileTexts)("a hostile text stays in its cell: %j", (text) => {
  const summary = stepSummary(
    finished({
      ...failed,
      scenario: text,
      reasons: [text],
      versions: { [text]: text },
      thresholds: [{ metric: text, limit: text, value: 1, ok: false }],
      findings: [{ class: "phantom", device: text }],
    }),
  );
  expect(summary).not.toMatch(/<[a-z!/]/i);
  expect(summary).not.toContain("://");
  const rows = summary.split("\n").filter((line) => line.startsWith("|"));
  const borders = rows.map((row) => row.replaceAll("\\|", "").split("|").length);
  const threshold = rows.findIndex((row) => row.startsWith("| threshold"));
  expect(borders.slice(threshold, threshold + 3)).toEqual([6, 6, 6]);
});

test("it stays below GitHub's 1,024 kB, whatever the texts", () => {
  const long = "x|".repeat(100_000);
  const thresholds = Array.from({ length: 5_000 }, () => ({
    ...passed.thresholds[0]!,
    metric: long,
  }));
  const text = stepSummary(finished({ reasons: [long, long], thresholds }));
  expect(Buffer.byteLength(text)).toBeLessThan(1_024 * 1_000);
});
