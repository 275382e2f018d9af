/** Metrics of the tasks in this process, with their labels: what the table names, writes by outcome, and lag. */
import type { Clock } from "../../clock.ts";
import type { Metric, Sample } from "../../http/metrics.ts";
import type { PartitionLag, TaskMeter } from "../task/task-meter.ts";
import type { Herder } from "../worker/herder.ts";
import { type ReadMeter, taskMetricTable } from "./task-metric-table.ts";

const outcomes: readonly (readonly [outcome: string, read: ReadMeter])[] = [
  ["stored", (m) => m.stored],
  ["not-newer", (m) => m.notNewer],
  ["retired", (m) => m.retired],
  ["deleted", (m) => m.deleted],
];

/** `clock`: the wall clock, of which Kafka's record timestamps are; lag in seconds is the difference. */
export function taskMetrics(herder: Herder, clock: Clock): readonly Metric[] {
  const labels = ["connector", "task"];
  const tasks = (samplesOf: (meter: TaskMeter) => readonly Sample[]): readonly Sample[] =>
    herder.localTasks().flatMap(({ connector, task, meter }) =>
      samplesOf(meter).map((sample) => ({
        ...sample,
        labels: { connector, task, ...sample.labels },
      })),
    );
  return [
    ...taskMetricTable.map(
      ({ name, help, type, read }): Metric => ({
        name,
        help,
        type,
        labels,
        collect: () => tasks((meter) => [{ labels: {}, value: read(meter) }]),
      }),
    ),
    {
      name: "fleetproof_sink_writes_total",
      help: "Writes that the store took, by outcome; retired: skipped, for its index is past its days.",
      type: "counter",
      labels: [...labels, "outcome"],
      collect: () =>
        tasks((meter) =>
          outcomes.map(([outcome, read]) => ({ labels: { outcome }, value: read(meter) })),
        ),
    },
    lagMetric("records", "Records in the log that are not stored yet.", ({ records }) => records),
    lagMetric(
      "seconds",
      "Age of the newest stored record while records wait behind it, else 0.",
      (lag) => lagSeconds(lag, clock.now()),
    ),
  ];

  function lagMetric(unit: string, help: string, read: (lag: PartitionLag) => number): Metric {
    return {
      name: `fleetproof_sink_lag_${unit}`,
      help,
      type: "gauge",
      labels: [...labels, "topic", "partition"],
      collect: () =>
        tasks((meter) =>
          [...meter.lag.values()].map((lag) => ({
            labels: { topic: lag.topic, partition: lag.partition },
            value: read(lag),
          })),
        ),
    };
  }
}

/** 0 when nothing waits, or before the first record is stored: then there is no time to count from. */
export function lagSeconds({ records, storedAtMs }: PartitionLag, now: number): number {
  if (records === 0 || storedAtMs === undefined) return 0;
  return Math.max(0, now - storedAtMs) / 1_000;
}
