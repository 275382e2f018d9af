import { expect, test } from "vitest";
import { lagSeconds } from "../../../../pipeline/connect/rest/task-metrics.ts";
import { parseMetrics } from "../../http/parse-metrics.ts";
import { createRestApp, type RestApp } from "./rest-app.ts";

async function scrape({ ask }: RestApp): Promise<ReturnType<typeof parseMetrics>> {
  const { status, body, headers } = await ask("GET", "/metrics");
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parseMetrics(String(body));
}

async function withJob(): Promise<RestApp> {
  const rest = createRestApp({ now: 60_000 });
  await rest.ask("POST", "/connectors", { name: "es", config: {} });
  return rest;
}

test("what a task counts is what is shown, each metric with its help and its type", async () => {
  const rest = await withJob();
  const [task] = rest.herder.tasksOf("es");
  Object.assign(task!.meter, {
    read: 100,
    sent: 90,
    active: 5,
    partitions: 2,
    stored: 70,
    notNewer: 10,
    retired: 3,
    deleted: 2,
    skipped: 7,
    puts: 4,
    putMsTotal: 50,
    putMsMax: 20,
    batchSizeMax: 40,
    commits: 3,
    commitFailures: 1,
    commitMsTotal: 30,
    retries: 6,
    deadLetters: 7,
    lastErrorAtMs: 1_234,
  });
  const { value, types, helps } = await scrape(rest);
  const ofTask = { connector: "es", task: "0" };
  const expected: Readonly<Record<string, number>> = {
    kafka_connect_sink_task_metrics_sink_record_read_total: 100,
    kafka_connect_sink_task_metrics_sink_record_send_total: 90,
    kafka_connect_sink_task_metrics_sink_record_active_count: 5,
    kafka_connect_sink_task_metrics_partition_count: 2,
    kafka_connect_sink_task_metrics_put_batch_avg_time_ms: 12.5,
    kafka_connect_sink_task_metrics_put_batch_max_time_ms: 20,
    kafka_connect_sink_task_metrics_offset_commit_completion_total: 3,
    kafka_connect_sink_task_metrics_offset_commit_skip_total: 0,
    kafka_connect_connector_task_metrics_offset_commit_avg_time_ms: 10,
    kafka_connect_connector_task_metrics_offset_commit_failure_percentage: 0.25,
    kafka_connect_connector_task_metrics_offset_commit_success_percentage: 0.75,
    kafka_connect_connector_task_metrics_batch_size_max: 40,
    kafka_connect_connector_task_metrics_batch_size_avg: 22.5,
    kafka_connect_task_error_metrics_total_records_skipped: 7,
    kafka_connect_task_error_metrics_total_retries: 6,
    kafka_connect_task_error_metrics_deadletterqueue_produce_requests: 7,
    kafka_connect_task_error_metrics_last_error_timestamp: 1_234,
    fleetproof_sink_records_skipped_total: 7,
    fleetproof_sink_put_seconds_total: 0.05,
  };
  for (const [name, number] of Object.entries(expected)) {
    expect([name, value(name, ofTask)]).toEqual([name, number]);
  }
  const writes = "fleetproof_sink_writes_total";
  expect(value(writes, { ...ofTask, outcome: "stored" })).toBe(70);
  expect(value(writes, { ...ofTask, outcome: "not-newer" })).toBe(10);
  expect(value(writes, { ...ofTask, outcome: "retired" })).toBe(3);
  expect(value(writes, { ...ofTask, outcome: "deleted" })).toBe(2);
  expect(types.get(writes)).toBe("counter");
  expect(types.get("kafka_connect_sink_task_metrics_sink_record_active_count")).toBe("gauge");
  expect([...helps.values()].every((help) => help.length > 5)).toBe(true);
});

test("counters go on from scrape to scrape", async () => {
  const rest = await withJob();
  const [task] = rest.herder.tasksOf("es");
  const name = "kafka_connect_sink_task_metrics_sink_record_read_total";
  for (const read of [5, 5, 12]) {
    task!.meter.read = read;
    expect((await scrape(rest)).value(name, { connector: "es", task: "0" })).toBe(read);
  }
});

test("lag is shown by partition, in records and in seconds; a partition that is gone is not", async () => {
  const rest = await withJob();
  const [task] = rest.herder.tasksOf("es");
  const lag = { topic: "t", partition: 3, records: 40, storedAtMs: 45_000 };
  task!.meter.lag.set("t/3", lag);
  const labels = { connector: "es", task: "0", topic: "t", partition: "3" };
  const first = await scrape(rest);
  expect(first.value("fleetproof_sink_lag_records", labels)).toBe(40);
  expect(first.value("fleetproof_sink_lag_seconds", labels)).toBe(15);
  task!.meter.lag.clear();
  const second = await scrape(rest);
  expect(second.value("fleetproof_sink_lag_records", labels)).toBeUndefined();
});

test("lag in seconds is 0 when nothing waits, before the first record, and for a clock that is behind", () => {
  const lag = { topic: "t", partition: 0, records: 1, storedAtMs: 1_000 };
  expect(lagSeconds(lag, 3_500)).toBe(2.5);
  expect(lagSeconds({ ...lag, records: 0 }, 3_500)).toBe(0);
  expect(lagSeconds({ ...lag, storedAtMs: undefined }, 3_500)).toBe(0);
  expect(lagSeconds(lag, 500)).toBe(0);
});

test("connectors are counted, and shown by their state", async () => {
  const rest = await withJob();
  await rest.ask("POST", "/connectors", { name: "c2", config: {}, initial_state: "PAUSED" });
  const { value } = await scrape(rest);
  expect(value("kafka_connect_connect_worker_metrics_connector_count", {})).toBe(2);
  expect(value("kafka_connect_connect_worker_metrics_task_count", {})).toBe(2);
  const status = "kafka_connect_connector_status";
  expect(value(status, { connector: "es", status: "running" })).toBe(1);
  expect(value(status, { connector: "c2", status: "paused" })).toBe(1);
  expect(value(status, { connector: "c2", status: "running" })).toBeUndefined();
  const ofTask = { connector: "es", task: "0", status: "running" };
  expect(value("kafka_connect_connector_task_status", ofTask)).toBe(1);
});
