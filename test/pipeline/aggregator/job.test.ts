import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startAggregatorJob } from "../../../pipeline/aggregator/job.ts";
import { createWorld } from "./aggregator-world.ts";

const yaml = `
group: g
topics: { raw: raw, aggregated: aggregated, rejected: rejected, checkpoints: cp }
window: { size: 100ms, grace: 30ms, retention: 200ms, span: 64 }
`;

async function startWith(text: string): Promise<{ ready: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), "aggregator-job-"));
  const world = createWorld();
  const ending = new AbortController();
  const quiet = (): void => undefined;
  let ready = false;
  try {
    const file = join(folder, "aggregator.yaml");
    await writeFile(file, text);
    const job = startAggregatorJob({
      file,
      kafka: world.broker.connect(),
      clock: world.clock,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      slot: 0,
      signal: ending.signal,
      onReady: () => {
        ready = true;
        ending.abort(new Error("SIGTERM"));
      },
    });
    await job;
    return { ready };
  } finally {
    world.close();
    await rm(folder, { recursive: true });
  }
}

test("a YAML file starts the job, and SIGTERM ends it", async () => {
  expect(await startWith(yaml)).toEqual({ ready: true });
});

test("a JSON file does as well", async () => {
  const topics = { raw: "raw", aggregated: "aggregated", rejected: "rejected", checkpoints: "cp" };
  const window = { size: "100ms", grace: "30ms", retention: "200ms", span: 64 };
  expect(await startWith(JSON.stringify({ group: "g", topics, window }))).toEqual({ ready: true });
});

test("a faulty file is refused with every fault in one error", async () => {
  const refusal = startWith(yaml.replace("span: 64", "span: 65").replace("group: g", "grup: g"));
  await expect(refusal).rejects.toMatchObject({ code: "invalid-config" });
  await expect(refusal).rejects.toThrow("window.span: must be a power of two");
  await expect(refusal).rejects.toThrow('"grup"');
});

test("a file that is not there is named", async () => {
  const world = createWorld();
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const { signal } = new AbortController();
  const kafka = world.broker.connect();
  const job = { file: "/nowhere/a.yaml", kafka, clock: world.clock, log, slot: 0, signal };
  await expect(startAggregatorJob(job)).rejects.toThrow("cannot read /nowhere/a.yaml");
  world.close();
});
