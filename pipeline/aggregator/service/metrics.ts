/** The aggregator's metrics for Prometheus, and the lag by the name that Kafka's own consumers have it under. */
import type { Metric, Sample } from "../../http/metrics.ts";
import type { PartitionState } from "../partition-state.ts";
import { type AggregatorView, lagOf, lastCommitOf, lifeOf, waitingOf } from "./status.ts";

const lives = ["starting", "recovering", "running", "stopping"] as const;

export function aggregatorMetrics(view: AggregatorView): readonly Metric[] {
  const { meter, config, slot, wallClock } = view;
  const { raw: topic } = config.topics;
  const progress = meter.progress.now;
  const clientId = `${config.group}-${slot}`;

  const perPartition = (
    labels: Readonly<Record<string, string>>,
    read: (state: PartitionState) => number | null,
  ): readonly Sample[] =>
    [...meter.states.values()].flatMap((state) => {
      const value = read(state);
      return value === null ? [] : [{ labels: { ...labels, partition: state.partition }, value }];
    });

  return [
    counter("records_folded_total", "Readings taken into a window.", () => progress().folded),
    counter(
      "records_duplicate_total",
      "Readings that their window held already.",
      () => progress().duplicate,
    ),
    {
      name: "fleetproof_aggregator_records_rejected_total",
      help: "Records that were put into the rejected topic, by reason.",
      type: "counter",
      labels: ["reason"],
      collect: () =>
        Object.entries(progress().rejected).map(([reason, value]) => ({
          labels: { reason },
          value,
        })),
    },
    counter(
      "aggregates_emitted_total",
      "Aggregate records, revisions included.",
      () => progress().emitted,
    ),
    counter("checkpoints_total", "Checkpoints written.", () => progress().checkpoints),
    counter("commits_total", "Transactions committed.", () => progress().commits),
    counter(
      "commit_seconds_total",
      "Time that committing took, together.",
      () => meter.commitMsTotal / 1000,
    ),
    counter(
      "rollbacks_total",
      "Times that the state was rebuilt after an error.",
      () => progress().recoveries,
    ),
    counter("assignments_total", "Times that the group shared out.", () => meter.assignments),
    gauge(
      "commit_max_seconds",
      "The longest commit since the start.",
      () => meter.commitMsMax / 1000,
    ),
    gauge(
      "recovery_seconds",
      "How long rebuilding the states took last.",
      () => meter.recoveryMsLast / 1000,
    ),
    gauge("generation", "Generation of the group.", () => meter.generation ?? -1),
    gauge("assigned_partitions", "Partitions of this instance.", () => meter.assigned.length),
    gauge("checkpoints_waiting", "Partitions whose checkpoint is due.", () => waitingOf(view)),
    gauge(
      "last_commit_timestamp_seconds",
      "When it last committed; 0: not yet.",
      () => (lastCommitOf(view) ?? 0) / 1000,
    ),
    {
      name: "fleetproof_aggregator_state",
      help: "1 for the state that the instance is in.",
      type: "gauge",
      labels: ["state"],
      collect: () =>
        lives.map((state) => ({ labels: { state }, value: state === lifeOf(view) ? 1 : 0 })),
    },
    partitionGauge("open_windows", "Windows held in memory.", ({ fold }) => fold.windows.size),
    partitionGauge("stream_time_seconds", "Stream time, epoch seconds.", ({ fold }) =>
      Number.isFinite(fold.time.value) ? fold.time.value / 1000 : null,
    ),
    partitionGauge(
      "records_since_checkpoint",
      "Records that a successor would fold again.",
      (state) => state.recordsSinceCheckpoint,
    ),
    partitionGauge(
      "lag_seconds",
      "Age of the newest committed record while others wait behind it, else 0.",
      (state) => lagOf(state, wallClock.now()).seconds,
    ),
    {
      name: "kafka_consumer_consumer_fetch_manager_metrics_records_lag",
      help: "Records of the raw topic behind the committed offset.",
      type: "gauge",
      labels: ["client_id", "topic", "partition"],
      collect: () =>
        perPartition(
          { client_id: clientId, topic },
          (state) => lagOf(state, wallClock.now()).records,
        ),
    },
  ];

  function partitionGauge(
    name: string,
    help: string,
    read: (state: PartitionState) => number | null,
  ): Metric {
    const labels = ["topic", "partition"];
    const collect = () => perPartition({ topic }, read);
    return { name: `fleetproof_aggregator_${name}`, help, type: "gauge", labels, collect };
  }
}

function counter(name: string, help: string, read: () => number): Metric {
  return single("counter", name, help, read);
}

function gauge(name: string, help: string, read: () => number): Metric {
  return single("gauge", name, help, read);
}

function single(type: Metric["type"], name: string, help: string, read: () => number): Metric {
  const collect = () => [{ labels: {}, value: read() }];
  return { name: `fleetproof_aggregator_${name}`, help, type, labels: [], collect };
}
