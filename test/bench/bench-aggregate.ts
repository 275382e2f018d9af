/**
 * What the aggregator costs: the fold alone in this process, then, on a Kafka of its own, the whole job (fetch, fold,
 * transactions, checkpoints) over a raw topic that is filled first.
 *   npm run bench:aggregate [-- [--rounds N] [--json] [--compare OLD.json]]
 */
import { artifacts } from "../../harness/stack/artifacts.ts";
import { createPartitionState, foldFetched } from "../../pipeline/aggregator/partition-state.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import type { FetchedPartition } from "../../pipeline/kafka/port.ts";
import { aggregateTopic, withRawTopic } from "./aggregate-topic.ts";
import { benchConfig } from "./bench-config.ts";
import { commandLine } from "./command-line.ts";
import { withOwnKafka } from "./own-kafka.ts";
import { rawStretches } from "./raw-stretches.ts";
import { benchOptions, reportBench, reportingOf } from "./report-bench.ts";
import { measure, type Round, rowsOf } from "./rounds.ts";
import { say } from "./say.ts";

/** 25,000 devices over eight partitions; five windows of thirty readings a device. */
const fleet = {
  devices: 25_000,
  partitions: 8,
  readingsPerDevice: 150,
  everyMs: 10_000,
  startMs: Date.UTC(2026, 0, 15),
  recordsPerBatch: 500,
};
const reporting = reportingOf(commandLine(import.meta.filename, benchOptions));

await withOwnKafka(async (kafka) => {
  const { bootstrap } = kafka;
  const onePartition = rawStretches({ ...fleet, readingsPerDevice: 300, partition: 0 });
  say("filling the raw topic");
  await withRawTopic(bootstrap, fleet, async (topic, records) => {
    const measured = await measure(
      {
        "the fold alone, in process": async () => foldAlone(onePartition),
        "the whole job": () => aggregateTopic(kafka, topic, fleet.partitions, records),
      },
      reporting.rounds,
    );
    const readings = records.toLocaleString("en");
    const notes = [`${readings} readings a round of the whole job, ${fleet.partitions} partitions`];
    const versions = { "Kafka (one broker)": artifacts.kafka.version, Java: kafka.java.version };
    const rows = rowsOf(measured);
    reportBench({ bench: "aggregate", versions, rows, notes }, reporting, clock.now());
  });
});

/** Output is built as for a commit, and thrown away. */
function foldAlone(stretches: readonly FetchedPartition[]): Round {
  const state = createPartitionState(benchConfig("raw"), 0, fleet.partitions);
  const cpu = process.cpuUsage();
  const from = clock.monotonicMs();
  for (const stretch of stretches) {
    foldFetched(state, stretch);
    for (const outbox of [state.aggregated, state.rejected]) outbox.give(outbox.take());
  }
  const seconds = (clock.monotonicMs() - from) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const records = state.position;
  if (state.counts.folded !== records) throw new Error("not every record was folded");
  return { perSecond: records / seconds, clientCpu: (user + system) / records };
}
