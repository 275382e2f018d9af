import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeSummary } from "../../../harness/report/summary-json.ts";
import { passed } from "./summary-fixture.ts";

test("a summary reads back as it was, and nothing else is left beside it", () => {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-summary-"));
  try {
    const file = join(folder, "summary.json");
    writeSummary(file, { ...passed, seed: 1 });
    writeSummary(file, passed);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(passed);
    expect(readdirSync(folder)).toEqual(["summary.json"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
