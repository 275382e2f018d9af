/** Metrics of the worker, and the states of the cluster's connectors as this worker knows them. */
import type { Metric } from "../../http/metrics.ts";
import type { Herder } from "../worker/herder.ts";

const worker = "kafka_connect_connect_worker_metrics_";

export function workerMetrics(herder: Herder): readonly Metric[] {
  const ofThisWorker = (): number =>
    new Set(herder.localTasks().map(({ connector }) => connector)).size;
  return [
    {
      name: `${worker}connector_count`,
      help: "Connectors with tasks in this worker.",
      type: "gauge",
      labels: [],
      collect: () => [{ labels: {}, value: ofThisWorker() }],
    },
    {
      name: `${worker}task_count`,
      help: "Tasks in this worker.",
      type: "gauge",
      labels: [],
      collect: () => [{ labels: {}, value: herder.localTasks().length }],
    },
    {
      name: "kafka_connect_connector_status",
      help: "1 for the state that the connector is in, for all connectors of the cluster.",
      type: "gauge",
      labels: ["connector", "status"],
      collect: () =>
        namesOnceReady(herder).map((connector) => {
          const { state } = herder.status(connector).connector;
          return { labels: { connector, status: state.toLowerCase() }, value: 1 };
        }),
    },
    {
      name: "kafka_connect_connector_task_status",
      help: "1 for the state that the task is in, for the tasks of this worker.",
      type: "gauge",
      labels: ["connector", "task", "status"],
      collect: () =>
        herder.localTasks().map(({ connector, task, state }) => ({
          labels: { connector, task, status: state.toLowerCase() },
          value: 1,
        })),
    },
  ];
}

/** Before it has read its topics the worker must not answer for the cluster. */
function namesOnceReady(herder: Herder): readonly string[] {
  return herder.isReady() ? herder.names() : [];
}
