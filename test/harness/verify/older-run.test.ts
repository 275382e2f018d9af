import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inspectRunFolder, sealRunFolder } from "../../../harness/facts/manifest.ts";
import { readRunFacts, readRunRecord } from "../../../harness/facts/run-facts.ts";
import { type Verification, verifyRun } from "../../../harness/verify/verify-run.ts";

/**
 * A real run of the version before transactions, recoveries and looks at revisions were kept: 60
 * devices, 500 readings a second for 14 seconds, the aggregator killed once, one rewind at rest. It
 * was a PASS by the checks of its day.
 */
const fixture = join(import.meta.dirname, "../../fixtures/older-run");

const verified = (root: string): Promise<Verification> =>
  verifyRun({
    say: () => {},
    inspect: () => inspectRunFolder(root),
    readRecord: () => readRunRecord(join(root, "facts")),
    readFacts: () => readRunFacts(join(root, "facts")),
    look: async () => undefined,
  });

/** A copy whose file was written otherwise, sealed by whoever wrote it so. */
async function copyWith(file: string, bend: (text: string) => string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "fleetproof-older-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  cpSync(fixture, root, { recursive: true });
  const path = join(root, file);
  writeFileSync(path, bend(readFileSync(path, "utf8")));
  if (file !== "facts/manifest.json") await sealRunFolder(root);
  return root;
}

test("an older run is judged by today's checks; what its folder lacks is UNKNOWN, never PASS", async () => {
  const { judgement, by } = await verified(fixture);
  expect(by).toBe("folder");
  expect(judgement.verdict).toBe("UNKNOWN");
  const verdicts = Object.fromEntries(
    judgement.results.map(({ clause, verdict }) => [clause, verdict]),
  );
  expect(verdicts).toEqual({
    ...{ C1: "PASS", C2: "PASS", C4: "PASS", C5: "PASS", C6: "PASS", C7: "PASS", C8: "PASS" },
    ...{ C9: "PASS", C12: "PASS" },
    ...{ C3: "UNKNOWN", C10: "UNKNOWN", C11: "UNKNOWN" },
  });
  const sentences = judgement.findings.map((finding) => `${finding.class}: ${finding.found}`);
  expect(sentences).toHaveLength(3);
  for (const sentence of sentences) expect(sentence).toMatch(/^unseen: .*on file.* version/);
  expect(judgement.canary).toEqual({ planted: 9, caught: 9 });
  expect(judgement.readings).toMatchObject({ acked: 7_062, failed: 0, unknown: 0 });
});

test("a violation in an older run is a violation still", async () => {
  const root = await copyWith("facts/run.json", (text) =>
    text.replace('"drain": "empty"', '"drain": "stalled"'),
  );
  const { judgement } = await verified(root);
  expect(judgement.verdict).toBe("FAIL");
  expect(judgement.findings.map((finding) => finding.class)).toContain("stall");
});

test("a folder of a newer version is UNKNOWN with a sentence that says whose it is", async () => {
  for (const file of ["facts/run.json", "facts/audit.json", "facts/topics.json"]) {
    const root = await copyWith(file, (text) => text.replace('"schema": 1', '"schema": 2'));
    const { judgement, by } = await verified(root);
    expect(by).toBe("nothing");
    expect(judgement.verdict).toBe("UNKNOWN");
    const name = file.replace("facts/", "");
    expect(judgement.reasons[0]?.why).toBe(
      `${name} is of schema 2, and this version reads 1: the folder is whole, so another version of ` +
        "fleetproof wrote it; judge it with that one, or a newer",
    );
  }
});

test("a manifest of a newer version is UNKNOWN, too, and says so", async () => {
  const bend = (text: string): string => text.replace('"schema": 1', '"schema": 2');
  const { judgement } = await verified(await copyWith("facts/manifest.json", bend));
  expect(judgement.verdict).toBe("UNKNOWN");
  expect(judgement.reasons[0]?.why).toContain(
    "manifest.json is of schema 2, and this version reads 1",
  );
});

test("an altered or cut file of a run is named, and nothing is judged", async () => {
  const root = await copyWith("facts/manifest.json", (text) => text);
  const file = join(root, "facts/aggregated.rows");
  const bytes = readFileSync(file);
  for (const [bad, said] of [
    [bytes.subarray(0, -9), "is cut short"],
    [Buffer.from(bytes).fill(1, bytes.length - 9), "was changed after the run"],
  ] as const) {
    writeFileSync(file, bad);
    const { judgement } = await verified(root);
    expect(judgement.verdict).toBe("UNKNOWN");
    expect(judgement.reasons[0]?.why).toContain(`facts/aggregated.rows ${said}`);
  }
});
