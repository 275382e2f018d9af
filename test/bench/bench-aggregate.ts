/**
 * What the aggregator costs, with Kafka Streams beside it, on a Kafka of its own and over one raw
 * topic that is filled first: 10,000,000 readings of 100,000 devices in eight partitions, thirty of
 * a device in a window, one in a hundred held back until its window was emitted, which it revises.
 *   the fold alone   in this process, no I/O
 *   fleetproof       the whole job on one core (fetch, fold, dedupe, digest, transactions every
 *                    200 ms, checkpoints), the broker on the others
 *   Kafka Streams    the application of test/peers/streams in one JVM: the same windows, revisions,
 *                    partitions, commit interval and cores, exactly_once_v2. Twice written (DSL;
 *                    Processor API by the aggregator's rules), with stores in memory and RocksDB, 1
 *                    and 2 threads, on one core and on all: each is tried on the first 600,000
 *                    readings, the best one on one core takes part in the rounds.
 * What it does not do and ours does: digest, homes and models, rejected readings as records, stream
 * time that one wrong clock cannot move, checks of what it reads; its DSL form does not dedupe. In
 * every round the windows of both outputs are compared: count, min, max and sum must be equal. To
 * keep to one core takes Linux's taskset. And what memory ten million devices take with a window
 * each, in a process of its own.
 *   npm run bench:aggregate [-- [--rounds N] [--alone] [--json] [--compare OLD.json]]
 * --alone: without Kafka Streams, two minutes instead of eight.
 */
import { artifacts } from "../../harness/stack/artifacts.ts";
import { systemClock as clock } from "../../pipeline/clock.ts";
import { memoryOfStates, memoryRows, type StateMemory } from "./aggregate-memory.ts";
import { aggregateTopic, withRawTopic } from "./aggregate-topic.ts";
import { benchConfig } from "./bench-config.ts";
import { besideStreams, type OnOutput } from "./beside-streams.ts";
import { commandLine } from "./command-line.ts";
import { foldAlone } from "./fold-alone.ts";
import { canPlace } from "./one-core.ts";
import { type OwnKafka, withOwnKafka } from "./own-kafka.ts";
import { rawStretches } from "./raw-stretches.ts";
import { benchOptions, type Reporting, reportBench, reportingOf } from "./report-bench.ts";
import { type Contestants, measure, rowsOf } from "./rounds.ts";
import { runAlone } from "./run-alone.ts";
import { say } from "./say.ts";

const fleet = {
  devices: 100_000,
  partitions: 8,
  readingsPerDevice: 100,
  everyMs: 10_000,
  startMs: Date.UTC(2026, 0, 15),
  recordsPerBatch: 500,
};
const config = benchConfig("raw");
const ours = "fleetproof, the whole job, one core";
const finalBefore =
  fleet.startMs +
  (fleet.readingsPerDevice - 1) * fleet.everyMs -
  config.window.retention -
  config.window.size;

const values = commandLine(import.meta.filename, {
  ...benchOptions,
  alone: { type: "boolean", default: false },
  round: { type: "string" },
});
if (values.round === "memory") console.log(JSON.stringify(memoryOfStates()));
else await measureAll(reportingOf(values));

async function measureAll(reporting: Reporting): Promise<void> {
  say("ten million devices, for their memory");
  const memory = memoryRows(runAlone<StateMemory>(import.meta.filename, "memory"));
  await withOwnKafka(async (kafka) => {
    say("filling the raw topic");
    await withRawTopic(kafka.bootstrap, fleet, async (topic, records) => {
      const { rounds } = reporting;
      const own = (onOutput?: OnOutput) => ownRounds(kafka, topic, records, onOutput);
      const aggregation = { config, topic, partitions: fleet.partitions, records, finalBefore };
      const rows = values.alone
        ? rowsOf(await measure(own(), rounds))
        : await besideStreams(kafka, aggregation, rounds, ours, own);
      const notes = [
        `${records.toLocaleString("en")} readings a round; ${placement()}`,
        "goals: 1,000,000/s on one core, 10 × Kafka Streams; ten million devices in 1 GB",
      ];
      const { version } = artifacts.kafka;
      const versions = { "Kafka and Kafka Streams": version, Java: kafka.java.version };
      const measured = { bench: "aggregate", versions, rows: [...rows, ...memory], notes };
      reportBench(measured, reporting, clock.now());
    });
  });
}

function placement(): string {
  return canPlace() ? "jobs on core 0, broker on the others" : "cores are shared: no taskset here";
}

function ownRounds(
  kafka: OwnKafka,
  topic: string,
  records: number,
  onOutput?: OnOutput,
): Contestants {
  const { partitions } = fleet;
  const onePartition = rawStretches({ ...fleet, partition: 0 });
  return {
    "the fold alone, in process": async () => foldAlone(config, partitions, onePartition),
    [ours]: () => aggregateTopic(kafka, topic, partitions, records, onOutput),
  };
}
