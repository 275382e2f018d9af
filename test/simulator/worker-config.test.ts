import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  readWorkerConfig,
  WorkerConfigError,
  type WorkerConfigFile,
} from "../../simulator/worker-config.ts";
import { smallOptions } from "./plan-fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "fleetproof-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const config: WorkerConfigFile = {
  plan: smallOptions,
  bootstrap: "127.0.0.1:9092",
  topic: "rab12cd34.thermostat.data",
  worker: 0,
  workers: 2,
  client: "hot",
  timeScale: 46.3,
  warmUpMs: 10_000,
  ackFile: "acks.ndjson",
  intentFile: "intents.ndjson",
  partialFile: "result.partial.json",
  resultFile: "result.json",
};

function read(text: string): unknown {
  const file = join(folder, "worker.json");
  writeFileSync(file, text);
  return readWorkerConfig(file);
}

test("a config is read as it was written, the tick filled in", () => {
  expect(read(JSON.stringify(config))).toEqual({ ...config, tickMs: 4 });
});

test("what is wrong is named with its path", () => {
  expect(() => read("{")).toThrow(WorkerConfigError);
  expect(() => read("{")).toThrow("cannot be read");
  expect(() => read(JSON.stringify({ ...config, client: "rdkafka" }))).toThrow("client");
  expect(() => read(JSON.stringify({ ...config, partitions: 8 }))).toThrow("partitions");
  const plan = { ...smallOptions, everyMs: "10s" };
  expect(() => read(JSON.stringify({ ...config, plan }))).toThrow("plan.everyMs");
  expect(() => readWorkerConfig(join(folder, "absent.json"))).toThrow("absent.json");
});
