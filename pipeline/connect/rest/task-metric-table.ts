/**
 * What a task counts, by the names that the JMX exporter gives Connect's metrics. Averages are over the task's life,
 * not over a window: for a rate take the counters of ours that stand beside them.
 */
import type { Metric } from "../../http/metrics.ts";
import type { TaskMeter } from "../task/task-meter.ts";

export type ReadMeter = (meter: TaskMeter) => number;

export type TaskMetric = Pick<Metric, "name" | "help" | "type"> & { readonly read: ReadMeter };

export const taskMetricTable: readonly TaskMetric[] = [
  ...sinkTask(),
  ...connectorTask(),
  ...taskError(),
  ...ours(),
];

function sinkTask(): TaskMetric[] {
  const at = "kafka_connect_sink_task_metrics_";
  return [
    counter(`${at}sink_record_read_total`, "Records read from Kafka.", (m) => m.read),
    counter(`${at}sink_record_send_total`, "Records given to the store.", (m) => m.sent),
    gauge(
      `${at}sink_record_active_count`,
      "Records given to the store and not answered yet.",
      (m) => m.active,
    ),
    gauge(`${at}partition_count`, "Partitions of the task.", (m) => m.partitions),
    gauge(
      `${at}put_batch_avg_time_ms`,
      "Milliseconds of a batch's write, averaged over the task's life.",
      (m) => ratio(m.putMsTotal, m.puts),
    ),
    gauge(
      `${at}put_batch_max_time_ms`,
      "Milliseconds of the slowest batch's write.",
      (m) => m.putMsMax,
    ),
    counter(
      `${at}offset_commit_completion_total`,
      "Commits of offsets that succeeded.",
      (m) => m.commits,
    ),
    counter(
      `${at}offset_commit_skip_total`,
      "Commits of offsets that were skipped, because a newer one was due or the partition was gone.",
      (m) => m.commitsSkipped,
    ),
  ];
}

function connectorTask(): TaskMetric[] {
  const at = "kafka_connect_connector_task_metrics_";
  return [
    gauge(
      `${at}offset_commit_avg_time_ms`,
      "Milliseconds of a commit, averaged over the task's life.",
      (m) => ratio(m.commitMsTotal, m.commits),
    ),
    gauge(
      `${at}offset_commit_max_time_ms`,
      "Milliseconds of the slowest commit.",
      (m) => m.commitMsMax,
    ),
    gauge(
      `${at}offset_commit_failure_percentage`,
      "Share of commits that failed, 0 to 1 as in Connect.",
      (m) => ratio(m.commitFailures, m.commits + m.commitFailures),
    ),
    gauge(
      `${at}offset_commit_success_percentage`,
      "Share of commits that succeeded, 0 to 1 as in Connect; 0 before the first.",
      (m) => ratio(m.commits, m.commits + m.commitFailures),
    ),
    gauge(`${at}batch_size_max`, "Records of the largest batch.", (m) => m.batchSizeMax),
    gauge(`${at}batch_size_avg`, "Records of a batch, averaged over the task's life.", (m) =>
      ratio(m.sent, m.puts),
    ),
  ];
}

function taskError(): TaskMetric[] {
  const at = "kafka_connect_task_error_metrics_";
  return [
    counter(
      `${at}total_record_failures`,
      "Records that failed, whatever became of them.",
      (m) => m.failures,
    ),
    counter(`${at}total_record_errors`, "Attempts on records that failed.", (m) => m.errors),
    counter(
      `${at}total_records_skipped`,
      "Records skipped by policy or tolerance.",
      (m) => m.skipped,
    ),
    counter(`${at}total_retries`, "Attempts made again.", (m) => m.retries),
    counter(
      `${at}total_errors_logged`,
      "Errors logged by errors.log.enable.",
      (m) => m.errorsLogged,
    ),
    counter(
      `${at}deadletterqueue_produce_requests`,
      "Records sent to the dead-letter topic.",
      (m) => m.deadLetters,
    ),
    counter(
      `${at}deadletterqueue_produce_failures`,
      "Attempts to send to the dead-letter topic that failed.",
      (m) => m.deadLetterFailures,
    ),
    gauge(
      `${at}last_error_timestamp`,
      "Epoch milliseconds of the last error, 0 before the first.",
      (m) => m.lastErrorAtMs ?? 0,
    ),
  ];
}

function ours(): TaskMetric[] {
  const at = "fleetproof_sink_";
  return [
    counter(
      `${at}records_skipped_total`,
      "Records skipped by policy or tolerance.",
      (m) => m.skipped,
    ),
    counter(
      `${at}nulls_ignored_total`,
      "Tombstones passed over, as the config asks.",
      (m) => m.nullsIgnored,
    ),
    counter(`${at}puts_total`, "Batches written.", (m) => m.puts),
    counter(
      `${at}put_seconds_total`,
      "Seconds that batches' writes took.",
      (m) => m.putMsTotal / 1_000,
    ),
    counter(
      `${at}commit_seconds_total`,
      "Seconds that commits of offsets took.",
      (m) => m.commitMsTotal / 1_000,
    ),
    counter(`${at}rebalances_total`, "Assignments that the task was given.", (m) => m.rebalances),
  ];
}

function counter(name: string, help: string, read: ReadMeter): TaskMetric {
  return { name, help, type: "counter", read };
}

function gauge(name: string, help: string, read: ReadMeter): TaskMetric {
  return { name, help, type: "gauge", read };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
