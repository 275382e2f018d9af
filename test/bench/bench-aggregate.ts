/**
 * What the aggregator costs. Prints records/s and µs of CPU a record, the median of five or more rounds: the
 * fold alone in this process, then, given a broker, the whole job (fetch, fold, transactions, checkpoints) over
 * a raw topic that it fills first, with topics of its own which it deletes afterwards.
 *   node test/bench/bench-aggregate.ts [BOOTSTRAP [ROUNDS]]
 */

import { createPartitionState, foldFetched } from "../../pipeline/aggregator/partition-state.ts";
import type { FetchedPartition } from "../../pipeline/kafka/port.ts";
import { aggregateTopic, withRawTopic } from "./aggregate-topic.ts";
import { benchConfig } from "./bench-config.ts";
import { rawStretches } from "./raw-stretches.ts";

type Round = { readonly perSecond: number; readonly cpuMicros: number };

/** 25,000 devices over eight partitions; five windows of thirty readings a device. */
const fleet = {
  devices: 25_000,
  partitions: 8,
  readingsPerDevice: 150,
  everyMs: 10_000,
  startMs: Date.UTC(2026, 0, 15),
  recordsPerBatch: 500,
};

const [bootstrap, roundsText = "5"] = process.argv.slice(2);
const rounds = Math.max(5, Number(roundsText));

const onePartition = rawStretches({ ...fleet, readingsPerDevice: 300, partition: 0 });
report("fold in process", await repeat(rounds, async () => foldAlone(onePartition)));
if (bootstrap !== undefined) {
  await withRawTopic(bootstrap, fleet, async (topic, records) => {
    const act = (): Promise<number> => aggregateTopic(bootstrap, topic, records);
    report("the whole job on a broker", await repeat(rounds, act));
  });
}

/** Output is built as for a commit, and thrown away. */
function foldAlone(stretches: readonly FetchedPartition[]): number {
  const state = createPartitionState(benchConfig("raw"), 0, fleet.partitions);
  for (const stretch of stretches) {
    foldFetched(state, stretch);
    for (const outbox of [state.aggregated, state.rejected]) outbox.give(outbox.take());
  }
  if (state.counts.folded !== state.position) throw new Error("not every record was folded");
  return state.position;
}

/** One unmeasured round first: the compiler's time is not the pipeline's. */
async function repeat(times: number, act: () => Promise<number>): Promise<Round[]> {
  await act();
  const measured: Round[] = [];
  for (let i = 0; i < times; i++) {
    const cpu = process.cpuUsage();
    const from = performance.now();
    const records = await act();
    const seconds = (performance.now() - from) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    measured.push({ perSecond: records / seconds, cpuMicros: (user + system) / records });
  }
  return measured;
}

function report(what: string, measured: readonly Round[]): void {
  const perSecond = Math.round(median(measured.map((round) => round.perSecond)));
  const cpuMicros = median(measured.map((round) => round.cpuMicros));
  console.log(
    `${what}: ${perSecond.toLocaleString("en")} records/s, ${cpuMicros.toFixed(3)} µs of CPU a record ` +
      `(median of ${measured.length})`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
