/** A job that cannot be configured does not start, and says everything that is wrong in one go. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMemoryKafka } from "../../../harness/simulation/memory-kafka.ts";
import { systemClock } from "../../../pipeline/clock.ts";
import { startConnectJob } from "../../../pipeline/connect/job.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const { signal } = new AbortController();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleetproof-job-"));
});

afterAll(() => rm(folder, { recursive: true }));

function start(file: string): Promise<void> {
  const kafka = createMemoryKafka({ clock: systemClock }).connect();
  return startConnectJob({ file, kafka, clock: systemClock, log, slot: 0, signal, variables: {} });
}

async function messageFor(text: string): Promise<string> {
  const file = join(folder, "job.json");
  await writeFile(file, text);
  const refused = await start(file).then(
    () => "started",
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ code: "invalid-config" });
  return (refused as Error).message;
}

test("a file that is not there is told by its name", async () => {
  await expect(start(join(folder, "nowhere.json"))).rejects.toMatchObject({
    code: "invalid-config",
    message: expect.stringContaining("nowhere.json"),
  });
});

test("a file that holds no JSON is told by its name", async () => {
  expect(await messageFor("{ not json")).toMatch(/job\.json: .*JSON/);
});

test("every fault is named with its key", async () => {
  const config = { "connector.class": "fleetproof.CassandraSink", topics: "t", "tasks.max": 0 };
  const message = await messageFor(JSON.stringify({ name: "a", config }));
  expect(message).toContain("connect.cassandra.kcql is required");
  expect(message).toContain("connect.cassandra.key.space is required");
  expect(message).toContain("tasks.max is '0'");
});
