/** The sample jobs, from their files, on the real servers: what the topic holds is in both stores, and a replay changes nothing. */
import { randomInt } from "node:crypto";
import { Client } from "@elastic/elasticsearch";
import { Admin } from "@platformatic/kafka";
import cassandra from "cassandra-driver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scaledClock, systemClock } from "../../pipeline/clock.ts";
import { startConnectJob } from "../../pipeline/connect/job.ts";
import { encodeAggregate } from "../../pipeline/contract/aggregate.ts";
import { connectGroup } from "../../pipeline/contract/names.ts";
import type { Kafka } from "../../pipeline/kafka/port.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import { createBatchWriter } from "../../pipeline/kafka/wire/batch-writer.ts";
import { nobody } from "../pipeline/kafka/contract/contract-bench.ts";
import { aggregate } from "../pipeline/sinks/sample-writes.ts";
import { deleteRun } from "./delete-run.ts";
import { liveStack } from "./live-stack.ts";

const run = `r${Array.from({ length: 8 }, () => randomInt(36).toString(36)).join("")}`;
const topic = `${run}.temperatures.aggregated`;
const partitions = 2;
const never = new AbortController().signal;
const quiet = () => {};
/** The day of the samples: for the wall clock their indices would be past their days. */
const day = { origin: systemClock.now(), start: Date.UTC(2026, 0, 15), scale: 1 };
const jobClock = scaledClock(systemClock, day);
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

let admin: Admin;
let kafka: Kafka;
let elasticsearch: Client;
let session: cassandra.Client;

beforeAll(async () => {
  const { contactPoint, port, localDataCenter } = liveStack().cassandra;
  const { bootstrap } = liveStack().kafka;
  admin = new Admin({ clientId: run, bootstrapBrokers: [bootstrap] });
  const configs = [{ name: "message.timestamp.type", value: "LogAppendTime" }];
  await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs });
  kafka = await connectKafka({ bootstrap, clientId: run, clock: systemClock });
  elasticsearch = new Client({ node: liveStack().elasticsearch.node });
  session = new cassandra.Client({
    contactPoints: [`${contactPoint}:${port}`],
    localDataCenter,
  });
  await publish(kafka, 500);
});

afterAll(async () => {
  await kafka.close();
  await deleteRun(admin, elasticsearch, run);
  await admin.close();
  await elasticsearch.close();
  await session.execute(`DROP KEYSPACE IF EXISTS ${run}`);
  await session.shutdown();
});

test("the Elasticsearch job stores every aggregate, once, also when it is run again from the start", async () => {
  const count = async (): Promise<number> => {
    const index = `${run}-temperatures-*`;
    await elasticsearch.indices.refresh({ index });
    return (await elasticsearch.count({ index })).count;
  };
  await runUntilCommitted("elasticsearch");
  expect(await count()).toBe(1_000);
  const group = connectGroup(`${run}-elasticsearch`);
  await admin.deleteGroups({ groups: [group] });
  await runUntilCommitted("elasticsearch");
  expect(await count()).toBe(1_000);
  const { _all } = await elasticsearch.indices.stats({ index: `${run}-temperatures-*` });
  expect(_all.primaries?.indexing).toMatchObject({ index_failed_due_to_version_conflict: 1_000 });
});

test("the Cassandra job stores every aggregate", async () => {
  await runUntilCommitted("cassandra");
  const { rows } = await session.execute(`SELECT count(*) AS n FROM ${run}.temperatures`);
  expect(rows[0]?.["n"].toNumber()).toBe(1_000);
});

/** Runs a sample job until its group has committed the end of every partition. */
async function runUntilCommitted(store: "elasticsearch" | "cassandra"): Promise<void> {
  const control = new AbortController();
  const { hostname, port } = new URL(liveStack().elasticsearch.node);
  const { contactPoint, port: cqlPort, localDataCenter } = liveStack().cassandra;
  const job = startConnectJob({
    files: [new URL(`../../scenarios/jobs/${store}.json`, import.meta.url).pathname],
    kafka,
    clock: jobClock,
    wallClock: systemClock,
    log,
    slot: 0,
    cluster: run,
    group: store,
    http: undefined,
    signal: control.signal,
    variables: {
      run,
      "elasticsearch.host": hostname,
      "elasticsearch.port": port,
      "cassandra.host": contactPoint,
      "cassandra.port": String(cqlPort),
      "cassandra.datacenter": localDataCenter,
    },
  });
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const ends = await kafka.log.endOffsets(topic, all, "read_committed");
  const lag = async (): Promise<number> => {
    const group = connectGroup(`${run}-${store}`);
    const committed = await kafka.groups.committed(group, topic, all, never);
    return all.reduce((sum, p) => sum + ends.get(p)! - (committed.get(p)?.offset ?? 0), 0);
  };
  await Promise.race([job, expect.poll(lag, { timeout: 60_000 }).toBe(0)]);
  control.abort(new Error("stop"));
  await job;
}

/** `devices` aggregates into each partition, and as many in a transaction that is aborted. */
async function publish(client: Kafka, devices: number): Promise<void> {
  const producer = await client.transactions.open(`${run}-test`, 30_000, never);
  for (const nth of [0, 1]) {
    for (let partition = 0; partition < partitions; partition++) {
      const writer = createBatchWriter(1 << 16);
      for (let at = 0; at < devices; at++) {
        const key = Buffer.from(`t-${partition}-${at}`);
        const value = encodeAggregate(aggregate(key.toString(), nth, 1));
        writer.append(key, 0, key.length, value, 0, value.length);
      }
      await producer.send(topic, partition, writer.take());
    }
    if (nth === 0) await producer.commit(nobody, []);
    else await producer.abort();
  }
  await producer.close();
}
