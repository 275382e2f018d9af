/**
 * What the aggregator costs. Prints records/s and µs of CPU a record, the median of five or more rounds:
 * first the fold alone in this process, then, given a broker, fetch + filter + fold of a raw topic.
 *   node test/bench/bench-aggregate.ts [BOOTSTRAP TOPIC [ROUNDS]]
 * TOPIC is prefilled by whoever has a fleet to do it with; nothing is written or committed.
 */

import type { AggregatorConfig } from "../../pipeline/aggregator/config.ts";
import { startFetchAhead } from "../../pipeline/aggregator/fetch-ahead.ts";
import { createPartitionState, foldFetched } from "../../pipeline/aggregator/partition-state.ts";
import { systemClock } from "../../pipeline/clock.ts";
import { connectKafka } from "../../pipeline/kafka/real-kafka.ts";
import { rawStretches } from "./raw-stretches.ts";

const config: AggregatorConfig = {
  group: "bench",
  topics: { raw: "raw", aggregated: "aggregated", rejected: "rejected", checkpoints: "cp" },
  window: {
    size: 300_000,
    grace: 30_000,
    retention: 600_000,
    ahead: 3_600_000,
    quorum: 3,
    span: 128,
  },
  commitEvery: 200,
  checkpointEvery: 60_000,
  digestKey: [0, 0],
  idleEmitAfter: undefined,
  listen: undefined,
};

type Round = { readonly perSecond: number; readonly cpuMicros: number };

/** One of eight partitions of 25,000 devices: ten windows of thirty readings a device. */
const stretches = rawStretches({
  devices: 25_000,
  partitions: 8,
  partition: 0,
  readingsPerDevice: 300,
  everyMs: 10_000,
  startMs: 1_768_435_200_000,
  recordsPerBatch: 500,
});

const [bootstrap, topic, roundsText = "5"] = process.argv.slice(2);
const rounds = Math.max(5, Number(roundsText));

report("fold in process", await repeat(rounds, foldAlone));
if (bootstrap !== undefined && topic !== undefined) {
  report(`fetch + fold of ${topic}`, await repeat(rounds, () => foldTopic(bootstrap, topic)));
}

/** Output is built, not sent. */
async function foldAlone(): Promise<number> {
  const state = createPartitionState(config, 0, 8);
  let records = 0;
  for (const stretch of stretches) {
    foldFetched(state, stretch);
    // What a commit would send.
    for (const outbox of [state.aggregated, state.rejected]) outbox.give(outbox.take());
    records = state.position;
  }
  if (state.counts.folded !== records) throw new Error(`only ${state.counts.folded} were folded`);
  return records;
}

async function foldTopic(address: string, raw: string): Promise<number> {
  const kafka = await connectKafka({ bootstrap: address, clientId: "bench", clock: systemClock });
  try {
    const partitions = await kafka.log.partitionCount(raw);
    const numbers = Array.from({ length: partitions }, (_, index) => index);
    const starts = await kafka.log.startOffsets(raw, numbers);
    const ends = await kafka.log.endOffsets(raw, numbers, "read_committed");
    const states = numbers.map((number) => {
      const state = createPartitionState(config, number, partitions);
      state.position = starts.get(number) ?? 0;
      return state;
    });
    const { signal } = new AbortController();
    const positions = new Map(states.map((state) => [state.partition, state.position]));
    const fetches = startFetchAhead({
      log: kafka.log,
      topic: raw,
      positions,
      maxWaitMs: 100,
      signal,
    });
    while (states.some((state) => state.position < (ends.get(state.partition) ?? 0))) {
      for (const stretch of await fetches.next()) {
        const state = states[stretch.partition]!;
        foldFetched(state, stretch);
        for (const outbox of [state.aggregated, state.rejected]) outbox.give(outbox.take());
      }
    }
    await fetches.stop();
    return states.reduce((sum, { recordsSinceCheckpoint }) => sum + recordsSinceCheckpoint, 0);
  } finally {
    await kafka.close();
  }
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
