/** A process whose files cannot be used does not start, and says everything that is wrong in one go. */
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

function start(...files: readonly string[]): Promise<void> {
  return startConnectJob({
    files,
    kafka: createMemoryKafka({ clock: systemClock, topics: { t: 1 } }).connect(),
    clock: systemClock,
    wallClock: systemClock,
    log,
    slot: 0,
    cluster: "test",
    group: undefined,
    http: undefined,
    signal,
    variables: {},
  });
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function messageFor(...texts: readonly string[]): Promise<string> {
  const files = await Promise.all(texts.map((text, at) => file(`job-${at}.json`, text)));
  const refused = await start(...files).then(
    () => "started",
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ code: "invalid-config" });
  return (refused as Error).message;
}

/** `nowhere` has a port that nobody listens on: a store that does not answer refuses nothing. */
const usable = (name: string, topic = "t") =>
  JSON.stringify({
    name,
    config: {
      "connector.class": "fleetproof.ElasticsearchSink",
      topics: topic,
      "connect.elastic.kcql": `INSERT INTO t SELECT * FROM ${topic} PK device.id`,
      "connect.elastic.port": 1,
    },
  });

test("a file that is not there is told by its name", async () => {
  await expect(start(join(folder, "nowhere.json"))).rejects.toMatchObject({
    code: "invalid-config",
    message: expect.stringContaining("nowhere.json"),
  });
});

test("a file that holds no JSON is told by its name", async () => {
  expect(await messageFor("{ not json")).toMatch(/job-0\.json: .*JSON/);
});

test("every fault of every file is named with its key", async () => {
  const config = { "connector.class": "fleetproof.CassandraSink", topics: "t", "tasks.max": 0 };
  const message = await messageFor(JSON.stringify({ name: "a", config }), "[]");
  expect(message).toContain("job-0.json: connect.cassandra.kcql is required");
  expect(message).toContain("connect.cassandra.key.space is required");
  expect(message).toContain("tasks.max is '0'");
  expect(message).toContain("job-1.json: a job's config is an object");
});

test("a topic that does not exist is a fault of its key", async () => {
  expect(await messageFor(usable("a", "nowhere"))).toContain("topics names 'nowhere'");
});

test("two files of one name do not start", async () => {
  expect(await messageFor(usable("same"), usable("same"))).toContain("names must differ");
});
