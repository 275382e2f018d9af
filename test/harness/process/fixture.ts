/** A registry in a folder of its own, and the fates of processes, for the tests of this folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openRegistry, type Registry } from "../../../harness/process/registry.ts";
import { systemClock } from "../../../simulator/clock.ts";

/** Gone again when the test has finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fleetproof-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryRegistry(): {
  registry: Registry;
  folder: string;
  warnings: string[];
} {
  const folder = temporaryFolder();
  const warnings: string[] = [];
  const registry = openRegistry(join(folder, "registry"), (sentence) => warnings.push(sentence));
  return { registry, folder, warnings };
}

/** Waits for a condition, at most ten seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = systemClock.monotonicMs() + 10_000;
  while (!holds()) {
    if (systemClock.monotonicMs() > deadline) throw new Error(`Waited 10 s for ${what}.`);
    await systemClock.sleep(10);
  }
}
