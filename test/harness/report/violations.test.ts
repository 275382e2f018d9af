import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { judge } from "../../../harness/checks/judge.ts";
import { violationLines, writeViolations } from "../../../harness/report/violations.ts";
import { factsOf, honestHistory } from "../checks/history.ts";

const rows = honestHistory.cassandra;
const judged = (cassandra: typeof rows) => judge(factsOf({ ...honestHistory, cassandra }));

test("every finding has a line with its clause, its evidence and the command that shows it again", () => {
  const { findings, violations } = judged(rows.slice(40));
  expect(findings).toHaveLength(32);
  const lines = violationLines("r1234abcd", violations).map((line) => JSON.parse(line));
  expect(lines).toHaveLength(40);
  expect(lines[39]).toEqual({
    clause: "C7",
    class: "lost-write",
    device: rows[39]!.aggregate.device.id,
    window: rows[39]!.aggregate.window.start,
    store: "cassandra",
    found: "no row",
    again: "fleetproof verify r1234abcd",
  });
});

test("the last line says how many have none of their own", () => {
  const lines = violationLines("r1234abcd", { named: [], all: 123_456 });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ more: 123_456 });
});

test("a run without findings leaves no such file", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-violations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "violations.ndjson");
  writeViolations(file, "r1234abcd", judged(rows));
  expect(existsSync(file)).toBe(false);
  writeViolations(file, "r1234abcd", judged(rows.slice(1)));
  expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(1);
});
