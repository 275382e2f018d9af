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

async function startWith(
  text: string,
  listen?: string,
): Promise<{ ready: boolean; rest: string | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), "aggregator-job-"));
  const world = createWorld();
  const ending = new AbortController();
  const quiet = (): void => undefined;
  let ready = false;
  let at: string | undefined;
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
      listen,
      onReady: ({ rest }) => {
        ready = true;
        at = rest;
        ending.abort(new Error("SIGTERM"));
      },
    });
    await job;
    return { ready, rest: at };
  } finally {
    world.close();
    await rm(folder, { recursive: true });
  }
}

test("a YAML file starts the job, and SIGTERM ends it", async () => {
  expect(await startWith(yaml)).toMatchObject({ ready: true });
});

test("a JSON file does as well", async () => {
  const topics = { raw: "raw", aggregated: "aggregated", rejected: "rejected", checkpoints: "cp" };
  const window = { size: "100ms", grace: "30ms", retention: "200ms", span: 64 };
  expect(await startWith(JSON.stringify({ group: "g", topics, window }))).toMatchObject({
    ready: true,
  });
});

test("without an address there is no HTTP; one that is given stands before the file's", async () => {
  expect((await startWith(yaml)).rest).toBeUndefined();
  const listening = `${yaml}listen: 127.0.0.1:0\n`;
  expect((await startWith(listening)).rest).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await startWith(listening, "localhost:0")).rest).toMatch(/^http:\/\/localhost:\d+$/);
});

test("an address that cannot be had is refused before anything starts", async () => {
  const refusal = startWith(yaml, "8083");
  await expect(refusal).rejects.toMatchObject({ code: "listen-failed" });
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
