/**
 * Two workers as processes on the real servers: they share a job, each one's REST speaks for both, a
 * replay is three requests, and neither a kill nor a restart loses what was configured or stored.
 */
import { randomInt } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@elastic/elasticsearch";
import { Admin } from "@platformatic/kafka";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../pipeline/clock.ts";
import { encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { aggregate } from "../pipeline/sinks/sample-writes.ts";
import { deleteRun } from "./delete-run.ts";
import { liveStack } from "./live-stack.ts";
import { rest, startWorker, type WorkerProcess } from "./worker-process.ts";

const run = `r${Array.from({ length: 8 }, () => randomInt(36).toString(36)).join("")}`;
const job = `${run}-elasticsearch`;
const topic = `${run}.temperatures.aggregated`;
const partitions = 4;
const never = new AbortController().signal;
const running: WorkerProcess[] = [];

let folder: string;
let file: string;
let admin: Admin;
let kafka: Kafka;
let elasticsearch: Client;

beforeAll(async () => {
  const { bootstrap } = liveStack().kafka;
  folder = await mkdtemp(join(tmpdir(), "fleetproof-worker-"));
  file = join(folder, "job.json");
  const sample = new URL("../../scenarios/jobs/elasticsearch.json", import.meta.url);
  const config = JSON.parse(await readFile(sample, "utf8")) as { config: object };
  await writeFile(
    file,
    JSON.stringify({ ...config, config: { ...config.config, "tasks.max": 2 } }),
  );
  admin = new Admin({ clientId: run, bootstrapBrokers: [bootstrap] });
  const configs = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
  await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs });
  kafka = await connectKafka({ bootstrap, clientId: run, clock: systemClock });
  elasticsearch = new Client({ node: liveStack().elasticsearch.node });
});

afterAll(async () => {
  for (const { process: child } of running) child.kill("SIGKILL");
  await Promise.all(running.map(({ ended }) => ended));
  await kafka.close();
  await deleteRun(admin, elasticsearch, run);
  await admin.close();
  await elasticsearch.close();
  await rm(folder, { recursive: true });
});

function start(slot: number, changes: readonly string[] = []): WorkerProcess {
  const { hostname, port } = new URL(liveStack().elasticsearch.node);
  // The day of the samples: for the wall clock their indices would be past their days.
  const clock = { origin: systemClock.now(), start: Date.UTC(2026, 0, 15), scale: 1 };
  const worker = startWorker([
    file,
    ...["--bootstrap", liveStack().kafka.bootstrap, "--cluster", run, "--listen", "127.0.0.1:0"],
    ...["--slot", String(slot), "--clock", JSON.stringify(clock), "--set", `run=${run}`],
    ...["--set", `elasticsearch.host=${hostname}`, "--set", `elasticsearch.port=${port}`],
    ...changes,
  ]);
  running.push(worker);
  return worker;
}

/** `<id> <state>` of every task, as that worker sees it. */
async function tasks(url: string): Promise<string> {
  const { body } = await rest(url, "GET", `/connectors/${job}/status`);
  const { tasks } = body as { readonly tasks: readonly { id: number; state: string }[] };
  return tasks.map(({ id, state }) => `${id} ${state}`).join(", ");
}

async function documents(): Promise<number> {
  const index = `${run}-temperatures-*`;
  await elasticsearch.indices.refresh({ index });
  return (await elasticsearch.count({ index })).count;
}

async function rewritten(): Promise<number> {
  const { _all } = await elasticsearch.indices.stats({ index: `${run}-temperatures-*` });
  const indexing = _all.primaries?.indexing as Record<string, number> | undefined;
  return indexing?.["index_failed_due_to_version_conflict"] ?? 0;
}

async function publish(from: number, count: number): Promise<void> {
  const producer = await kafka.openProducer(never);
  for (let partition = 0; partition < partitions; partition++) {
    const writer = createBatchWriter(1 << 16);
    for (let at = from; at < from + count; at++) {
      const key = Buffer.from(`t-${partition}-${at}`);
      const value = encodeAggregate(aggregate(key.toString(), 0, 1));
      writer.append(key, 0, key.length, value, 0, value.length);
    }
    await producer.send(topic, partition, writer.take());
  }
  await producer.close();
}

const patiently = { timeout: 60_000, interval: 200 } as const;

test("two workers share a job, answer for each other, replay, and survive each other", async () => {
  await publish(0, 250);
  const [one, two] = [start(0), start(1)];
  const [first, second] = await Promise.all([one.ready, two.ready]);
  const all = "0 RUNNING, 1 RUNNING, 2 RUNNING, 3 RUNNING";
  await expect.poll(() => tasks(first), patiently).toBe(all);
  await expect.poll(() => tasks(second), patiently).toBe(all);
  await expect.poll(documents, patiently).toBe(1_000);
  expect(await rest(second, "GET", "/connectors")).toEqual({ status: 200, body: [job] });

  // A replay: stop, take the offsets away, resume; asked of either worker.
  const offsets = `/connectors/${job}/offsets`;
  expect(await rest(first, "DELETE", offsets)).toMatchObject({ status: 400 });
  expect(await rest(second, "PUT", `/connectors/${job}/stop`)).toMatchObject({ status: 204 });
  await expect.poll(() => tasks(first), patiently).toBe("");
  const far = {
    partition: { kafka_topic: topic, kafka_partition: 0 },
    offset: { kafka_offset: 9e6 },
  };
  expect(await rest(first, "PATCH", offsets, { offsets: [far] })).toMatchObject({ status: 400 });
  expect(await rest(first, "DELETE", offsets)).toMatchObject({ status: 200 });
  expect(await rest(first, "GET", offsets)).toEqual({ status: 200, body: { offsets: [] } });
  expect(await rest(first, "PUT", `/connectors/${job}/resume`)).toMatchObject({ status: 202 });
  await expect.poll(rewritten, patiently).toBe(1_000);
  expect(await documents()).toBe(1_000);

  // While it is paused nothing is written; what REST changes survives a restart of the process.
  expect(await rest(second, "PUT", `/connectors/${job}/pause`)).toMatchObject({ status: 202 });
  await expect.poll(() => tasks(first), patiently).toBe(all.replaceAll("RUNNING", "PAUSED"));
  await publish(250, 250);
  const change = { "connect.elastic.batch.size": "500" };
  const changed = await rest(first, "PATCH", `/connectors/${job}/config`, change);
  expect(changed).toMatchObject({ status: 200, body: { config: change } });
  one.process.kill("SIGTERM");
  expect(await one.ended).toBe(0);
  const again = start(0);
  const third = await again.ready;
  const kept = await rest(third, "GET", `/connectors/${job}/config`);
  expect(kept).toMatchObject({ body: change });
  expect(await documents()).toBe(1_000);
  expect(await rest(third, "PUT", `/connectors/${job}/resume`)).toMatchObject({ status: 202 });
  await expect.poll(documents, patiently).toBe(2_000);

  // A worker that dies is missed by the other, which takes over what it had.
  two.process.kill("SIGKILL");
  await publish(500, 250);
  await expect.poll(documents, patiently).toBe(3_000);
  const missed = "0 RUNNING, 1 RUNNING, 2 UNASSIGNED, 3 UNASSIGNED";
  await expect.poll(() => tasks(third), patiently).toBe(missed);
  again.process.kill("SIGTERM");
  expect(await again.ended).toBe(0);
});

test("what cannot be used ends with 2 and every fault, before anything starts", async () => {
  const absent = start(7, ["--set", "run=rnowhere0"]);
  expect(await absent.ended).toBe(2);
  expect(absent.output()).toContain("topics names 'rnowhere0.temperatures.aggregated'");
});
